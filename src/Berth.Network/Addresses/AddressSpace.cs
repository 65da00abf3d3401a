using System.Net;

using Berth.Storage;

namespace Berth.Network.Addresses;

/// <summary>The addresses of one network, both families. Safe for concurrent use.</summary>
internal sealed class AddressSpace
{
    private readonly Lock _gate = new();
    private readonly string _network;
    private readonly bool _bridge;
    private readonly NetworkSubnet? _ipv4;
    private readonly NetworkSubnet? _ipv6;
    private readonly AddressBook? _ipv4Book;
    private readonly AddressBook? _ipv6Book;

    public AddressSpace(Network network)
    {
        _network = network.Name;
        _bridge = network.Driver == NetworkDrivers.Bridge;
        _ipv4 = network.EnableIpv4 ? network.Subnets.FirstOrDefault(s => !s.IsIpv6) : null;
        _ipv6 = network.EnableIpv6 ? network.Subnets.FirstOrDefault(s => s.IsIpv6) : null;
        IPAddress[] found = OwnOf(network.FoundBridge);
        _ipv4Book = Book(_ipv4, found);
        _ipv6Book = Book(_ipv6, found);
    }

    /// <summary>Gives an endpoint its addresses: those it names, or the next ones. All or none.</summary>
    /// <exception cref="EngineException">Invalid: not of this network. Conflict: taken. Unavailable: none is left.</exception>
    public Endpoint Take(Endpoint endpoint, IPAddress? ipv4, IPAddress? ipv6)
    {
        lock (_gate)
        {
            IPAddress? first = Take(_ipv4, _ipv4Book, ipv4, "IPv4");
            try
            {
                IPAddress? second = Take(_ipv6, _ipv6Book, ipv6, "IPv6");
                return endpoint with
                {
                    Address = first,
                    PrefixLength = first is null ? 0 : _ipv4!.Subnet.PrefixLength,
                    Gateway = GatewayOf(first is null ? null : _ipv4),
                    Ipv6Address = second,
                    Ipv6PrefixLength = second is null ? 0 : _ipv6!.Subnet.PrefixLength,
                    Ipv6Gateway = GatewayOf(second is null ? null : _ipv6),
                };
            }
            catch
            {
                if (first is not null)
                {
                    _ipv4Book!.Free(first);
                }

                throw;
            }
        }
    }

    /// <summary>What an earlier daemon gave out.</summary>
    public void Adopt(Endpoint endpoint)
    {
        lock (_gate)
        {
            _ = endpoint.Address is null || _ipv4Book?.TryReserve(endpoint.Address) == true;
            _ = endpoint.Ipv6Address is null || _ipv6Book?.TryReserve(endpoint.Ipv6Address) == true;
        }
    }

    public void Free(Endpoint endpoint)
    {
        lock (_gate)
        {
            if (endpoint.Address is not null)
            {
                _ipv4Book?.Free(endpoint.Address);
            }

            if (endpoint.Ipv6Address is not null)
            {
                _ipv6Book?.Free(endpoint.Ipv6Address);
            }
        }
    }

    private IPAddress? GatewayOf(NetworkSubnet? subnet) => _bridge ? subnet?.WayOut : subnet?.Gateway;

    /// <summary>The addresses that an administrator's bridge had before it carried a network: the host's, and so no container's.</summary>
    public static IPAddress[] OwnOf(IReadOnlyList<string>? foundBridge) => [.. (foundBridge ?? []).Select(IPAddress.Parse)];

    private static AddressBook? Book(NetworkSubnet? subnet, IPAddress[] found) => subnet is null
        ? null
        : new AddressBook(subnet.Subnet, subnet.Range ?? subnet.Subnet, subnet.Gateway, subnet.Auxiliary.Values.Concat(found.Where(subnet.Subnet.Contains)));

    private IPAddress? Take(NetworkSubnet? subnet, AddressBook? book, IPAddress? wanted, string family)
    {
        if (subnet is null || book is null)
        {
            return wanted is null ? null : throw EngineException.Invalid($"Invalid address {wanted}: network {_network} has no {family} subnet");
        }

        if (wanted is null)
        {
            return book.TryTake(out IPAddress? next)
                ? next
                : throw EngineException.Unavailable(
                    $"no available {family} addresses on this network's address pools: {_network} ({subnet.Range ?? subnet.Subnet}): all {book.Capacity} are in use; remove containers, or make the network anew with a larger subnet");
        }

        if (!subnet.Subnet.Contains(wanted))
        {
            throw EngineException.Invalid($"Invalid address {wanted}: It does not belong to any of this network's subnets: {_network} has {subnet.Subnet}");
        }

        if (!book.Holds(wanted))
        {
            throw EngineException.Conflict($"Address already in use: {wanted} is the subnet {subnet.Subnet} of network {_network} itself or its broadcast address");
        }

        return book.TryReserve(wanted) ? wanted : throw EngineException.Conflict($"Address already in use: {wanted} on network {_network}");
    }
}
