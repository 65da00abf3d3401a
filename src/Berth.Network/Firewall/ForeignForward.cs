using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall.Firewalld;

namespace Berth.Network.Firewall;

/// <summary>
/// Gets a bridge's packets past a FORWARD chain whose policy is drop, as dockerd leaves it: an accept in our own table does not overrule
/// a drop in another. Our rules take the policy's place and nothing else's: they stand at the end of the chain, behind all that an administrator
/// (also in DOCKER-USER) and Docker decided there, and are known by their comments. A rule that refuses everything is a policy by another name
/// ("ufw default reject routed" is one): they stand right before it. iptables-nft keeps that chain in the tables "ip filter" and "ip6 filter".
/// </summary>
/// <remarks>
/// Docker's containers are kept from others by that policy alone (dockerd 20.10: behind "-o docker0 -j DOCKER", which accepts what is published, comes
/// nothing that refuses the rest). So what goes from a bridge of ours to one of Docker's is left to the policy, as if we were not there.
/// </remarks>
internal static class ForeignForward
{
    public const string FilterTable = "filter", Forward = "FORWARD";

    private const string DockersChain = "DOCKER";

    /// <summary>Whether a family's chains drop what passes through the host, in the chain that we may add to. Pure.</summary>
    public static bool Drops(IReadOnlyList<NfChainInfo> chains) => chains.Any(c => c is { Table: FilterTable, Name: Forward, DropsByDefault: true });

    /// <summary>
    /// The chains elsewhere that drop what passes through the host, and that are not ours to add to. firewalld's own are there while it reloads. Pure.
    /// </summary>
    public static IEnumerable<NfChainInfo> OutOfReach(IEnumerable<NfChainInfo> chains) => chains.Where(c =>
        c is { Hook: NfHook.Forward, DropsByDefault: true } && !(c is { Table: FilterTable, Name: Forward, Family: NfFamily.Ip or NfFamily.Ip6 }) && !c.Table.StartsWith(FirewalldZones.Table, StringComparison.Ordinal));

    /// <summary>The bridges that Docker decides about, by its rules: "-o docker0 -j DOCKER" stands for each. Pure.</summary>
    public static IEnumerable<string> DockersBridges(IEnumerable<NfRuleInfo> rules) => rules
        .Where(r => r is { Table: FilterTable, Meaning: { Verdict: NfRuleVerdict.Jump, Target: DockersChain } })
        .Select(r => r.Meaning.OutputInterface).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>The first rule of FORWARD that refuses whatever has come to it, itself or in a chain that does nothing else; null: there is none. Pure.</summary>
    public static NfRuleInfo? RefusesAll(IReadOnlyList<NfRuleInfo> rules)
    {
        return rules.FirstOrDefault(r => r is { Table: FilterTable, Chain: Forward, Meaning.IsUnconditional: true }
            && (r.Meaning.Verdict == NfRuleVerdict.Drop || (r.Meaning.Verdict is NfRuleVerdict.Jump or NfRuleVerdict.Goto && Refuses(r.Meaning.Target))));

        bool Refuses(string chain) => rules.FirstOrDefault(r => r.Table == FilterTable && r.Chain == chain) is { Meaning: { IsUnconditional: true, Verdict: NfRuleVerdict.Drop } };
    }

    /// <summary>A bridge's rules, in order. Pure.</summary>
    public static IReadOnlyList<NfRule> Wanted(string bridge, IEnumerable<string> dockers)
    {
        NfStatement outOf = new NfStatement.Interface(Input: true, bridge);
        return
        [
            .. dockers.Where(d => d != bridge).Select(d => new NfRule(NotTo(bridge, d), outOf, new NfStatement.Interface(Input: false, d), new NfStatement.Return())),
            new NfRule(OutOf(bridge), outOf, new NfStatement.Accept()),
            new NfRule(Into(bridge), new NfStatement.Interface(Input: false, bridge), new NfStatement.Accept()),
        ];
    }

    /// <summary>Looks, and puts right what is not as it should be for some bridges.</summary>
    /// <returns>How many bridges lacked their way through.</returns>
    public static int Ensure(NetlinkSocket socket, NfFamily family, IReadOnlyCollection<string> bridges)
    {
        List<NfChainInfo> chains = socket.Chains(family);
        if (!chains.Any(c => c is { Table: FilterTable, Name: Forward }))
        {
            return 0;
        }

        List<NfRuleInfo> rules = socket.Rules(family);

        // Docker has rules for IPv6 only where it is told to (--ip6tables), but its bridges are the same.
        string[] dockers = [.. DockersBridges(family == NfFamily.Ip ? rules : [.. rules, .. socket.Rules(NfFamily.Ip)])];
        bool drops = Drops(chains);
        NfRuleInfo? refusal = RefusesAll(rules);

        // ufw's chain for it stands empty among the others until it is asked for. A stop to everything that somebody put into FORWARD itself is one.
        HashSet<ulong> unreached = refusal is not { Meaning.Verdict: NfRuleVerdict.Jump or NfRuleVerdict.Goto } ? []
            : [.. rules.Where(r => r is { Table: FilterTable, Chain: Forward }).SkipWhile(r => r != refusal).Select(r => r.Handle)];
        var transaction = new NfTransaction();
        bool changes = false;
        int lacking = 0;
        foreach (string bridge in bridges)
        {
            List<NfRuleInfo> going = [.. rules.Where(r => IsFormer(r, bridge))], standing = [.. rules.Where(r => IsOurs(r, bridge))];
            IReadOnlyList<NfRule> coming = [];
            if (drops && (!IsWhole(bridge, dockers, standing) || standing.Exists(r => unreached.Contains(r.Handle))))
            {
                coming = Wanted(bridge, dockers);
                going.AddRange(standing);
                lacking += LetsThrough(bridge, [.. standing.Where(r => !unreached.Contains(r.Handle))]) ? 0 : 1;
            }

            changes |= going.Count + coming.Count > 0;
            Delete(transaction, family, going);
            foreach (NfRule rule in coming)
            {
                _ = refusal is null ? transaction.Append(family, FilterTable, Forward, rule) : transaction.InsertBefore(family, FilterTable, Forward, refusal.Handle, rule);
            }
        }

        if (changes)
        {
            transaction.Commit(socket);
        }

        return lacking;
    }

    /// <summary>Takes our rules for a bridge out again.</summary>
    public static void Remove(NetlinkSocket socket, NfFamily family, string bridge)
    {
        List<NfRuleInfo> ours = [.. socket.Rules(family).Where(r => IsOurs(r, bridge) || IsFormer(r, bridge))];
        if (ours.Count > 0)
        {
            var transaction = new NfTransaction();
            Delete(transaction, family, ours);
            transaction.Commit(socket);
        }
    }

    /// <summary>Whether a bridge's rules are there in their order. Pure.</summary>
    public static bool IsWhole(string bridge, IEnumerable<string> dockers, IEnumerable<NfRuleInfo> rules) =>
        rules.Where(r => IsOurs(r, bridge)).Select(r => r.Comment).SequenceEqual(Wanted(bridge, dockers).Select(r => r.Comment));

    private static bool LetsThrough(string bridge, List<NfRuleInfo> standing) =>
        standing.Exists(r => r.Comment == OutOf(bridge)) && standing.Exists(r => r.Comment == Into(bridge));

    private static void Delete(NfTransaction transaction, NfFamily family, List<NfRuleInfo> rules)
    {
        foreach (NfRuleInfo rule in rules)
        {
            transaction.DeleteRule(family, FilterTable, rule.Chain, rule.Handle);
        }
    }

    private static string OutOf(string bridge) => $"berth: out of {bridge}";

    private static string Into(string bridge) => $"berth: into {bridge}";

    private static string NotTo(string bridge, string foreign) => $"berth: out of {bridge}, not to {foreign}";

    private static bool IsOurs(NfRuleInfo rule, string bridge) => rule is { Table: FilterTable, Chain: Forward }
        && (rule.Comment == OutOf(bridge) || rule.Comment == Into(bridge) || rule.Comment.StartsWith(NotTo(bridge, ""), StringComparison.Ordinal));

    // Earlier builds' stood in front of others', in FORWARD or DOCKER-USER.
    private static bool IsFormer(NfRuleInfo rule, string bridge) => rule.Table == FilterTable && rule.Comment == $"berth: {bridge}";
}
