using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall.Firewalld;

namespace Berth.Network.Firewall;

/// <summary>
/// Gets a bridge's packets past a FORWARD chain whose policy is drop, as dockerd leaves it: an accept in our own table does not overrule
/// a drop in another. The two rules are ours, known by their comment, and say nothing about any other packet.
/// iptables-nft keeps that chain in the tables "ip filter" and "ip6 filter"; DOCKER-USER is Docker's place for others' rules and comes first in FORWARD.
/// </summary>
internal static class ForeignForward
{
    public const string FilterTable = "filter", Forward = "FORWARD", DockerUser = "DOCKER-USER";

    private const int RulesOfABridge = 2;

    public static string Comment(string bridge) => $"berth: {bridge}";

    /// <summary>Whether a family's chains drop what passes through the host, in the chain that we may add to. Pure.</summary>
    public static bool Drops(IReadOnlyList<NfChainInfo> chains) => chains.Any(c => c is { Table: FilterTable, Name: Forward, DropsByDefault: true });

    /// <summary>
    /// The chains elsewhere that drop what passes through the host, and that are not ours to add to. firewalld's own are there while it reloads. Pure.
    /// </summary>
    public static IEnumerable<NfChainInfo> OutOfReach(IEnumerable<NfChainInfo> chains) => chains.Where(c =>
        c is { Hook: NfHook.Forward, DropsByDefault: true } && !(c is { Table: FilterTable, Name: Forward, Family: NfFamily.Ip or NfFamily.Ip6 }) && !c.Table.StartsWith(FirewalldZones.Table, StringComparison.Ordinal));

    /// <summary>The rules to add to a family's chains, none when nothing drops or they are there already. Pure.</summary>
    public static IReadOnlyList<(string Chain, NfRule Rule)> Missing(string bridge, IReadOnlyList<NfChainInfo> chains, IReadOnlyList<NfRuleInfo> rules)
    {
        string chain = Place(chains);
        if (!Drops(chains) || Standing(bridge, chain, rules).Count() >= RulesOfABridge)
        {
            return [];
        }

        return
        [
            (chain, new NfRule(Comment(bridge), new NfStatement.Interface(Input: true, bridge), new NfStatement.Accept())),
            (chain, new NfRule(Comment(bridge), new NfStatement.Interface(Input: false, bridge), new NfStatement.Accept())),
        ];
    }

    /// <summary>Looks, and adds what is missing for some bridges.</summary>
    /// <returns>How many bridges lacked theirs.</returns>
    public static int Ensure(NetlinkSocket socket, NfFamily family, IReadOnlyCollection<string> bridges)
    {
        List<NfChainInfo> chains = socket.Chains(family);
        if (!Drops(chains))
        {
            return 0;
        }

        List<NfRuleInfo> rules = socket.Rules(family);
        string place = Place(chains);
        var transaction = new NfTransaction();
        int lacking = 0;
        foreach (string bridge in bridges)
        {
            IReadOnlyList<(string Chain, NfRule Rule)> missing = Missing(bridge, chains, rules);
            if (missing.Count == 0)
            {
                continue;
            }

            lacking++;
            foreach (NfRuleInfo half in Standing(bridge, place, rules))
            {
                transaction.DeleteRule(family, FilterTable, place, half.Handle); // one of the two: which one its comment does not tell
            }

            foreach ((string chain, NfRule rule) in missing)
            {
                transaction.Insert(family, FilterTable, chain, rule);
            }
        }

        if (lacking > 0)
        {
            transaction.Commit(socket);
        }

        return lacking;
    }

    /// <summary>Takes our rules for a bridge out again.</summary>
    public static void Remove(NetlinkSocket socket, NfFamily family, string bridge)
    {
        List<NfRuleInfo> ours = [.. socket.Rules(family).Where(r => r.Table == FilterTable && r.Comment == Comment(bridge))];
        if (ours.Count == 0)
        {
            return;
        }

        var transaction = new NfTransaction();
        foreach (NfRuleInfo rule in ours)
        {
            transaction.DeleteRule(family, FilterTable, rule.Chain, rule.Handle);
        }

        transaction.Commit(socket);
    }

    private static string Place(IReadOnlyList<NfChainInfo> chains) => chains.Any(c => c is { Table: FilterTable, Name: DockerUser }) ? DockerUser : Forward;

    private static IEnumerable<NfRuleInfo> Standing(string bridge, string chain, IReadOnlyList<NfRuleInfo> rules) =>
        rules.Where(r => r.Table == FilterTable && r.Chain == chain && r.Comment == Comment(bridge));
}
