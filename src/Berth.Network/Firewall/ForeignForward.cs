using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Gets a bridge's packets past a FORWARD chain whose policy is drop, as dockerd leaves it: an accept in our own table does not overrule
/// a drop in another. The two rules are ours, known by their comment, and say nothing about any other packet.
/// iptables-nft keeps that chain in the table "ip filter"; DOCKER-USER is Docker's place for others' rules and comes first in FORWARD.
/// </summary>
internal static class ForeignForward
{
    private const string FilterTable = "filter";

    public static string Comment(string bridge) => $"berth: {bridge}";

    /// <summary>The rules to add, none when nothing drops or they are there already. Pure.</summary>
    public static IReadOnlyList<(string Chain, NfRule Rule)> Missing(string bridge, IReadOnlyList<NfChainInfo> chains, IReadOnlyList<NfRuleInfo> rules)
    {
        bool drops = chains.Any(c => c is { Table: FilterTable, Name: "FORWARD", DropsByDefault: true });
        string chain = chains.Any(c => c is { Table: FilterTable, Name: "DOCKER-USER" }) ? "DOCKER-USER" : "FORWARD";
        if (!drops || rules.Any(r => r.Table == FilterTable && r.Chain == chain && r.Comment == Comment(bridge)))
        {
            return [];
        }

        return
        [
            (chain, new NfRule(Comment(bridge), new NfStatement.Interface(Input: true, bridge), new NfStatement.Accept())),
            (chain, new NfRule(Comment(bridge), new NfStatement.Interface(Input: false, bridge), new NfStatement.Accept())),
        ];
    }

    /// <summary>Looks, and adds what is missing.</summary>
    public static void Ensure(NetlinkSocket socket, string bridge)
    {
        IReadOnlyList<(string Chain, NfRule Rule)> missing = Missing(bridge, socket.Chains(NfFamily.Ip), socket.Rules(NfFamily.Ip));
        if (missing.Count == 0)
        {
            return;
        }

        var transaction = new NfTransaction();
        foreach ((string chain, NfRule rule) in missing)
        {
            transaction.Insert(NfFamily.Ip, FilterTable, chain, rule);
        }

        transaction.Commit(socket);
    }

    /// <summary>Takes our rules for a bridge out again.</summary>
    public static void Remove(NetlinkSocket socket, string bridge)
    {
        List<NfRuleInfo> ours = [.. socket.Rules(NfFamily.Ip).Where(r => r.Table == FilterTable && r.Comment == Comment(bridge))];
        if (ours.Count == 0)
        {
            return;
        }

        var transaction = new NfTransaction();
        foreach (NfRuleInfo rule in ours)
        {
            transaction.DeleteRule(NfFamily.Ip, FilterTable, rule.Chain, rule.Handle);
        }

        transaction.Commit(socket);
    }
}
