using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Addresses;

/// <summary>
/// Which addresses of a subnet are in use. They are given out in turn, so that one just freed comes back as late as possible: peers may
/// still hold connections to it or remember its hardware address. Not thread safe.
/// </summary>
internal sealed class AddressBook
{
    private readonly HashSet<UInt128> _used = [];
    private readonly UInt128[] _kept; // from everybody
    private readonly AddressFamily _family;
    private readonly UInt128 _first; // of the subnet, the first that may be anybody's
    private readonly UInt128 _last;
    private readonly UInt128 _from; // of the range that is given out
    private readonly UInt128 _count;
    private readonly int _reserved; // of that range
    private UInt128 _next;

    /// <param name="subnet">IPv4: at most 30 bits of prefix.</param>
    /// <param name="gateway">Never given out; counting starts behind it. Null: there is none.</param>
    public AddressBook(IPNetwork subnet, IPAddress? gateway)
        : this(subnet, subnet, gateway, [])
    {
    }

    /// <param name="subnet">Where every address lies.</param>
    /// <param name="range">Where those lie that nobody asked for by name.</param>
    /// <param name="gateway">Never given out.</param>
    /// <param name="auxiliary">Others that are never given out: somebody outside has them.</param>
    public AddressBook(IPNetwork subnet, IPNetwork range, IPAddress? gateway, IEnumerable<IPAddress> auxiliary)
    {
        _family = subnet.BaseAddress.AddressFamily;
        UInt128 start = IpNumber.Of(subnet.BaseAddress), end = start | IpNumber.HostMask(subnet);
        bool ipv4 = _family == AddressFamily.InterNetwork;

        // IPv4: the subnet's own address and the broadcast address are nobody's; IPv6: the first is every router's (RFC 4291, 2.6.1).
        _first = start + 1;
        _last = ipv4 ? end - 1 : end;
        _from = UInt128.Max(_first, IpNumber.Of(range.BaseAddress));
        UInt128 to = UInt128.Min(_last, IpNumber.Of(range.BaseAddress) | IpNumber.HostMask(range));
        _count = to - _from + 1;
        foreach (IPAddress own in gateway is null ? auxiliary : auxiliary.Prepend(gateway))
        {
            _used.Add(IpNumber.Of(own));
        }

        _kept = [.. _used];
        _reserved = _used.Count(used => used - _from < _count);
        _next = gateway is not null && IpNumber.Of(gateway) - _from < _count ? IpNumber.Of(gateway) + 1 - _from : 0;
    }

    /// <summary>How many can be given out in all.</summary>
    public long Capacity => (long)UInt128.Min(_count - (UInt128)_reserved, long.MaxValue);

    /// <summary>How many of those are given out.</summary>
    public int Used => _used.Count(used => used - _from < _count) - _reserved;

    /// <summary>The next free address. False: there is none.</summary>
    public bool TryTake([NotNullWhen(true)] out IPAddress? address)
    {
        for (UInt128 tried = 0; tried < _count && tried <= (UInt128)_used.Count; tried++)
        {
            UInt128 number = _from + (_next % _count);
            _next = (_next + 1) % _count;
            if (_used.Add(number))
            {
                address = IpNumber.Address(number, _family);
                return true;
            }
        }

        address = null;
        return false;
    }

    /// <summary>Marks an address as used, and goes on behind it. False: it is not of this subnet, or used already.</summary>
    public bool TryReserve(IPAddress address)
    {
        UInt128 number = IpNumber.Of(address);
        if (!Holds(address) || !_used.Add(number))
        {
            return false;
        }

        if (number - _from < _count)
        {
            _next = (number - _from + 1) % _count;
        }

        return true;
    }

    /// <summary>Whether the subnet has this address and it may be a container's.</summary>
    public bool Holds(IPAddress address) => address.AddressFamily == _family && IpNumber.Of(address) >= _first && IpNumber.Of(address) <= _last;

    /// <summary>An address that was given out is free. One that is kept from everybody stays: a former subnet's containers may have had it.</summary>
    public void Free(IPAddress address)
    {
        UInt128 number = IpNumber.Of(address);
        if (!_kept.Contains(number))
        {
            _used.Remove(number);
        }
    }
}
