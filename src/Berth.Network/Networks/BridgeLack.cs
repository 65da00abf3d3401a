using System.Net;

using Berth.Linux.Netlink;
using Berth.Network.Addresses;

namespace Berth.Network.Networks;

/// <summary>What a bridge that stands lacks of its shape. Pure.</summary>
/// <param name="Shape">How it is to be.</param>
/// <param name="Index">The link's.</param>
/// <param name="IsDown">It is set down.</param>
/// <param name="Addresses">That are gone.</param>
/// <param name="Routes">That are gone by themselves: not with an address or because the link is down, for they come back with those.</param>
internal sealed record BridgeLack(BridgeShape Shape, int Index, bool IsDown, IReadOnlyList<(IPAddress Address, int PrefixLength)> Addresses, IReadOnlyList<IPNetwork> Routes)
{
    /// <summary>The shape has to be given to it again; routes are added in any case.</summary>
    public bool OfShape => IsDown || Addresses.Count > 0;

    /// <summary>
    /// Looks that were taken in the order of the parameters: the kernel takes a link down first, then an address, then its route, so a loss meanwhile
    /// is never mistaken for that of a route alone.
    /// </summary>
    /// <param name="shape">How it is to be.</param>
    /// <param name="routes">Subnets that links of the host lead to without a gateway.</param>
    /// <param name="addresses">Of the host.</param>
    /// <param name="link">The bridge.</param>
    public static BridgeLack Of(BridgeShape shape, IReadOnlySet<(int Link, IPNetwork Subnet)> routes, IReadOnlyCollection<LinkAddress> addresses, Link link)
    {
        ILookup<bool, (IPAddress Address, int PrefixLength)> present = shape.Addresses.ToLookup(a => addresses.Contains(new LinkAddress(link.Index, a.Address, a.PrefixLength)));
        IEnumerable<IPNetwork> subnets = (link.IsUp ? present[true] : [])
            .Where(a => a.PrefixLength < a.Address.GetAddressBytes().Length * 8).Select(a => IpNumber.Subnet(a.Address, a.PrefixLength)).Distinct();
        return new BridgeLack(shape, link.Index, !link.IsUp, [.. present[false]], [.. subnets.Where(s => !routes.Contains((link.Index, s)))]);
    }

    /// <summary>For people.</summary>
    public IEnumerable<string> Named()
    {
        if (OfShape)
        {
            yield return $"bridge {Shape.Name}: {string.Join(" and ", [.. IsDown ? (string[])["up"] : [], .. Addresses.Select(a => $"address {a.Address}/{a.PrefixLength}")])}";
        }

        foreach (IPNetwork route in Routes)
        {
            yield return $"bridge {Shape.Name}: route {route}";
        }
    }
}
