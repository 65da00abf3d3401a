using System.Net;

namespace Berth.Network.Addresses;

/// <summary>
/// Which addresses of a subnet are in use. They are given out in turn, so that one just freed comes back as late as possible: peers may
/// still hold connections to it or remember its hardware address. Not thread safe.
/// </summary>
internal sealed class AddressBook
{
    private readonly HashSet<uint> _used = [];
    private readonly uint _first;
    private readonly uint _count;
    private uint _next;

    /// <param name="subnet">At most 30 bits of prefix.</param>
    /// <param name="gateway">Never given out; counting starts behind it.</param>
    public AddressBook(IPNetwork subnet, IPAddress gateway)
    {
        _first = Ipv4.Value(subnet.BaseAddress) + 1; // the subnet's own address and the broadcast address are nobody's
        _count = ~Ipv4.Mask(subnet.PrefixLength) - 1;
        uint own = Ipv4.Value(gateway);
        _used.Add(own);
        _next = own + 1 - _first;
    }

    /// <summary>How many can be given out in all.</summary>
    public int Capacity => (int)Math.Min(_count - 1, int.MaxValue);

    /// <summary>How many are given out.</summary>
    public int Used => _used.Count - 1;

    /// <summary>The next free address. False: there is none.</summary>
    public bool TryTake(out uint address)
    {
        for (uint tried = 0; tried < _count && tried <= (uint)_used.Count; tried++)
        {
            address = _first + (_next % _count);
            _next = (_next + 1) % _count;
            if (_used.Add(address))
            {
                return true;
            }
        }

        address = 0;
        return false;
    }

    /// <summary>Marks an address as used, and goes on behind it. False: it is not of this subnet, or used already.</summary>
    public bool TryReserve(uint address)
    {
        if (address - _first >= _count || !_used.Add(address))
        {
            return false;
        }

        _next = (address - _first + 1) % _count;
        return true;
    }

    public void Free(uint address) => _used.Remove(address);
}
