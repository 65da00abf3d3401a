using Berth.Linux.Netlink;

namespace Berth.Network;

/// <summary>The host's side of networking at one moment.</summary>
/// <param name="Links">All interfaces.</param>
/// <param name="FirewallTable">The name of this daemon's nftables table (family inet).</param>
/// <param name="FirewallPresent">It is there.</param>
public sealed record HostObservation(IReadOnlyList<Link> Links, string FirewallTable, bool FirewallPresent)
{
    /// <summary>What others' rules do to what passes through the host.</summary>
    public ForeignForwarding Foreign { get; init; } = ForeignForwarding.None;
}
