using System.Net;
using System.Net.Sockets;

using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The subnets of a new network: those that were named, and one from the pools for each family that has none. Pure but for the dice of IPv6.</summary>
/// <param name="options">The daemon's pools.</param>
/// <param name="existing">All networks there are.</param>
/// <param name="host">What stands on the host.</param>
/// <param name="driver">Of a bridge's subnet the host itself gets an address: it must not have that subnet elsewhere.</param>
internal sealed class SubnetChoice(NetworkOptions options, IReadOnlyList<Network> existing, HostNetworks host, string driver)
{
    private const int Ipv6Length = 64;
    private const int Attempts = 64;

    /// <exception cref="EngineException">Invalid, Forbidden (an overlap), Unavailable (nothing is left).</exception>
    public IReadOnlyList<NetworkSubnet> Of(IReadOnlyList<SubnetDefinition> asked, bool ipv4, bool ipv6, string? bridge)
    {
        var subnets = new List<NetworkSubnet>();
        foreach (SubnetDefinition text in asked)
        {
            if (string.IsNullOrEmpty(text.Subnet))
            {
                continue; // chosen below; clients send such an entry for a gateway or range alone
            }

            NetworkSubnet subnet = SubnetText.Parse(text);
            if (subnet.IsIpv6 ? !ipv6 : !ipv4)
            {
                throw EngineException.Invalid($"the subnet {subnet.Subnet} is {(subnet.IsIpv6 ? "IPv6, which is not enabled on the network: add --ipv6" : "IPv4, which is not enabled on the network")}");
            }

            if (subnets.Any(s => s.IsIpv6 == subnet.IsIpv6))
            {
                throw EngineException.Invalid($"{driver} driver doesn't support multiple subnets: a network has one of each family, and {subnet.Subnet} is one too many");
            }

            CheckFree(subnet.Subnet, bridge);
            subnets.Add(subnet);
        }

        if (asked.FirstOrDefault(s => string.IsNullOrEmpty(s.Subnet) && (!string.IsNullOrEmpty(s.Gateway) || !string.IsNullOrEmpty(s.Range) || s.Auxiliary is { Count: > 0 })) is { } lost)
        {
            throw EngineException.Invalid($"a gateway, range or auxiliary address needs its subnet: no matching subnet for {lost.Gateway ?? lost.Range ?? lost.Auxiliary!.First().Value}");
        }

        if (ipv4 && !subnets.Any(s => !s.IsIpv6))
        {
            subnets.Insert(0, SubnetText.Parse(new SubnetDefinition(FreeIpv4(bridge).ToString(), null, null, null)));
        }

        if (ipv6 && !subnets.Any(s => s.IsIpv6))
        {
            subnets.Add(SubnetText.Parse(new SubnetDefinition(FreeIpv6(bridge).ToString(), null, null, null)));
        }

        return [.. subnets.OrderBy(s => s.IsIpv6)];
    }

    private void CheckFree(IPNetwork subnet, string? bridge)
    {
        foreach (Network network in existing.Where(n => !n.ConfigOnly))
        {
            if (network.Subnets.FirstOrDefault(s => IpNumber.Overlap(s.Subnet, subnet)) is { } other)
            {
                throw new EngineException(
                    EngineErrorKind.Forbidden,
                    $"invalid pool request: Pool overlaps with other one on this address space: {subnet} with {other.Subnet} of network {network.Name}");
            }
        }

        // A wider route to it (a VPN's) is no obstacle for who names the subnet: the bridge's own is more specific.
        if (driver == NetworkDrivers.Bridge && host.OwnSubnets(bridge).FirstOrDefault(own => IpNumber.Overlap(own.Subnet, subnet)) is { Link: not null } taken)
        {
            throw new EngineException(
                EngineErrorKind.Forbidden, $"the subnet {subnet} overlaps {taken.Subnet}, which this host has on {taken.Link}: choose another");
        }
    }

    private IPNetwork FreeIpv4(string? bridge) =>
        DefaultPools.FirstFree(options.AddressPools, AddressFamily.InterNetwork, Taken(bridge)) ?? throw EngineException.Unavailable(
            "all predefined address pools have been fully subnetted: remove networks that are not used (network prune), name a subnet (--subnet), or give the daemon more with --default-address-pool");

    private IPNetwork FreeIpv6(string? bridge) => FreeIpv6(options.AddressPools, Taken(bridge));

    /// <summary>The first of the pools that is free, or one made up.</summary>
    /// <exception cref="EngineException">Unavailable: chance was against it, again and again.</exception>
    public static IPNetwork FreeIpv6(IReadOnlyList<IPNetwork> pools, IReadOnlyList<IPNetwork> taken)
    {
        if (DefaultPools.FirstFree(pools, AddressFamily.InterNetworkV6, taken) is { } pool)
        {
            return pool;
        }

        // A unique local /64 with 56 bits by chance: RFC 4193.
        Span<byte> bytes = stackalloc byte[16];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            bytes.Clear();
            Random.Shared.NextBytes(bytes[1..8]);
            bytes[0] = 0xfd;
            var subnet = new IPNetwork(new IPAddress(bytes), Ipv6Length);
            if (!taken.Any(other => IpNumber.Overlap(subnet, other)))
            {
                return subnet;
            }
        }

        throw EngineException.Unavailable("no free IPv6 subnet was found: name one with --subnet");
    }

    private IReadOnlyList<IPNetwork> Taken(string? bridge) =>
        [.. existing.Where(n => !n.ConfigOnly).SelectMany(n => n.Subnets.Select(s => s.Subnet)), .. host.AllSubnets(bridge)];
}
