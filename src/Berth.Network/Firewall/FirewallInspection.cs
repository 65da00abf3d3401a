using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Compares our table in the kernel with what it should be, for when notifications about it were lost. Rules are known by place, number and comment;
/// sets with lifetimes are passed over, as their elements go by themselves.
/// </summary>
internal static class FirewallInspection
{
    public static bool IsWhole(NetlinkSocket socket, NfTable wanted)
    {
        try
        {
            return HasChains(wanted, socket.Chains(wanted.Family), socket.Rules(wanted.Family))
                && wanted.Maps.All(m => HasElements(m.Elements, socket.Elements(wanted.Family, wanted.Name, m)))
                && wanted.Sets.Where(s => !s.Timeouts).All(s => HasElements(s.Elements, socket.Elements(wanted.Family, wanted.Name, s)));
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Pure.</summary>
    public static bool HasChains(NfTable wanted, IEnumerable<NfChainInfo> chains, IReadOnlyList<NfRuleInfo> rules) =>
        chains.Where(c => c.Table == wanted.Name).Select(c => (c.Name, c.DropsByDefault)).Order().SequenceEqual(wanted.Chains.Select(c => (c.Name, false)).Order())
        && wanted.Chains.All(chain => rules.Where(r => r.Table == wanted.Name && r.Chain == chain.Name).Select(r => r.Comment)
            .SequenceEqual(chain.Rules.Select(r => r.Comment ?? "")));

    private static bool HasElements(IReadOnlyList<NfElement> wanted, IReadOnlyList<NfElement> found) =>
        wanted.Select(e => e.ToString()).ToHashSet().SetEquals(found.Select(e => e.ToString()));
}
