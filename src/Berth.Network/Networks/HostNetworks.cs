using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;
using Berth.Network.Addresses;

namespace Berth.Network.Networks;

/// <summary>What the host's networking looks like, as far as a bridge has to fit in.</summary>
internal sealed record HostNetworks(IReadOnlyList<Link> Links, IReadOnlyList<LinkAddress> Addresses, IReadOnlyList<Route> Routes)
{
    /// <summary>The first IPv4 address of a link; null where it has none or does not exist.</summary>
    public BridgeAddress? AddressOf(string link)
    {
        int index = IndexOf(link);
        return Addresses.FirstOrDefault(a => a.LinkIndex == index && IsIpv4(a.Address) && a.PrefixLength is >= 8 and <= 30) is LinkAddress found
            ? new BridgeAddress(found.Address, found.PrefixLength)
            : null;
    }

    /// <summary>All addresses of a link; null where it does not exist.</summary>
    public IReadOnlyList<string>? AddressesOf(string link) => IndexOf(link) is > 0 and int index ? [.. Addresses.Where(a => a.LinkIndex == index).Select(a => a.Address.ToString())] : null;

    /// <summary>The subnets the host has addresses in, and the link of each, but for one link.</summary>
    public IReadOnlyList<(IPNetwork Subnet, string? Link)> OwnSubnets(string? beside)
    {
        int own = beside is null ? -1 : IndexOf(beside);
        return
        [
            .. Addresses.Where(a => a.LinkIndex != own && !IsOfEveryHost(a.Address))
                .Select(a => (IpNumber.Subnet(a.Address, a.PrefixLength), Links.FirstOrDefault(l => l.Index == a.LinkIndex)?.Name ?? "another interface")),
        ];
    }

    /// <summary>Every subnet of both families the host has an address in or a route to, but for those of one link. The default route is no subnet.</summary>
    public IEnumerable<IPNetwork> AllSubnets(string? beside)
    {
        int own = beside is null ? -1 : IndexOf(beside);
        return OwnSubnets(beside).Select(s => s.Subnet).Concat(
            Routes.Where(r => r.LinkIndex != own && r.PrefixLength > 0 && r.Destination is { } d && !IsOfEveryHost(d)).Select(r => IpNumber.Subnet(r.Destination!, r.PrefixLength)));
    }

    /// <summary>
    /// The MTU of the interfaces that lead to the outside, at most Ethernet's. Larger packets of containers would be cut or, where somebody
    /// filters the messages about it (RFC 2923), vanish: clouds and tunnels have smaller ones.
    /// </summary>
    public int OutwardMtu(string link)
    {
        const int Ethernet = 1500;
        int own = IndexOf(link);
        HashSet<int> outward = [.. Routes.Where(r => r.PrefixLength == 0 && r.LinkIndex != own && r.Gateway is { } g && IsIpv4(g)).Select(r => r.LinkIndex)];
        return Links.Where(l => outward.Contains(l.Index)).Select(l => l.Mtu).Append(Ethernet).Min();
    }

    /// <summary>The same without former bridges of ours that nobody is on: they are about to go.</summary>
    public HostNetworks Without(IEnumerable<FormerBridge> bridges, IReadOnlySet<string> owned)
    {
        HashSet<int> going =
        [
            .. from former in bridges
               from link in Links
               where former.Found is null && link.Name == former.Name && link.Kind == "bridge" && !former.IsOccupied(Links.Where(p => p.Master == link.Index), owned)
               select link.Index,
        ];
        return going.Count == 0 ? this : new HostNetworks(
            [.. Links.Where(l => !going.Contains(l.Index))], [.. Addresses.Where(a => !going.Contains(a.LinkIndex))], [.. Routes.Where(r => !going.Contains(r.LinkIndex))]);
    }

    private int IndexOf(string link) => Links.FirstOrDefault(l => l.Name == link)?.Index ?? -1;

    private static bool IsOfEveryHost(IPAddress address) => IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast;

    private static bool IsIpv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;
}
