using System.Net;

namespace Berth.Cli.Specs;

/// <summary>One subnet of a network with what was given for it: each range, gateway and auxiliary address belongs to the subnet it lies in.</summary>
internal sealed record SubnetSpec(string Subnet)
{
    public string? Range { get; private set; }

    public string? Gateway { get; private set; }

    /// <summary>Name and address; the addresses are given to no container.</summary>
    public List<KeyValuePair<string, string>> Auxiliary { get; } = [];

    /// <summary>Sorts them by subnet. A single subnet that nothing refers to goes to the daemon unread.</summary>
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static IReadOnlyList<SubnetSpec> Group(
        IReadOnlyList<string> subnets, IReadOnlyList<string> ranges, IReadOnlyList<string> gateways, IEnumerable<KeyValuePair<string, string>> auxiliary)
    {
        if (subnets.Count < ranges.Count || subnets.Count < gateways.Count)
        {
            throw new SpecException("every ip-range or gateway must have a corresponding subnet");
        }

        var groups = new List<SubnetSpec>();
        foreach (string subnet in subnets)
        {
            if (groups.Exists(g => Covers(subnet, g.Subnet) || Covers(g.Subnet, subnet)))
            {
                throw new SpecException("multiple overlapping subnet configuration is not supported");
            }

            groups.Add(new SubnetSpec(subnet));
        }

        foreach (string range in ranges)
        {
            Owner(groups, range, "range").SetRange(range);
        }

        foreach (string gateway in gateways)
        {
            Owner(groups, gateway, "gateway").SetGateway(gateway);
        }

        foreach ((string name, string address) in auxiliary)
        {
            Owner(groups, address, "aux-address").Auxiliary.Add(new(name, address));
        }

        return groups;
    }

    private static SubnetSpec Owner(List<SubnetSpec> groups, string address, string what) =>
        groups.Find(g => Covers(g.Subnet, address)) ?? throw new SpecException($"no matching subnet for {what} {address}");

    // What is no address lies in no subnet: the daemon's own check of it would never be reached.
    private static bool Covers(string subnet, string address)
    {
        IpPrefix prefix;
        try
        {
            prefix = IpPrefix.Parse(subnet);
        }
        catch (SpecException e)
        {
            throw new SpecException($"invalid subnet: {e.Message}");
        }

        return address.Contains('/', StringComparison.Ordinal) ? prefix.Contains(IpPrefix.Parse(address).Address)
            : IpText.IsAddress(address) && prefix.Contains(IPAddress.Parse(address));
    }

    private void SetRange(string range) =>
        Range = Range is null ? range : throw new SpecException($"cannot configure multiple ranges ({range}, {Range}) on the same subnet ({Subnet})");

    private void SetGateway(string gateway) =>
        Gateway = Gateway is null ? gateway : throw new SpecException($"cannot configure multiple gateways ({gateway}, {Gateway}) for the same subnet ({Subnet})");
}
