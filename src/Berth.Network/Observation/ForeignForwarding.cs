using Berth.Linux.NfTables;
using Berth.Network.Firewall.Firewalld;

namespace Berth.Network;

/// <summary>
/// What other programs' chains do to packets that pass through the host: a drop there is final, whatever our table says. Pure; of rules it understands interfaces, and counts
/// a rule that names one of them as one that takes all its packets. firewalld's own chains are not looked at: its zones have our bridges.
/// </summary>
/// <param name="Chains">The host's chains, without ours.</param>
/// <param name="Rules">Their rules, in order.</param>
/// <param name="FiltersBridges">Packets within a bridge pass these chains too (br_netfilter's bridge-nf-call-iptables).</param>
public sealed record ForeignForwarding(IReadOnlyList<NfChainInfo> Chains, IReadOnlyList<NfRuleInfo> Rules, bool FiltersBridges)
{
    private const int Deepest = 16; // the kernel's own limit of jumps (NFT_JUMP_STACK_SIZE)

    public static ForeignForwarding None { get; } = new([], [], FiltersBridges: false);

    private enum Outcome
    {
        Falls,
        Accepts,
        Drops,
    }

    /// <summary>The chains that drop a new connection's packets from one interface to another.</summary>
    /// <param name="input">The interface they come in by.</param>
    /// <param name="output">The one they leave by.</param>
    /// <param name="ipv6">Of IPv6, else IPv4.</param>
    public IEnumerable<ForwardRefusal> Between(string input, string output, bool ipv6 = false)
    {
        foreach (NfChainInfo chain in Chains.Where(c => c.Hook == NfHook.Forward && (c.Family == NfFamily.Inet || c.Family == (ipv6 ? NfFamily.Ip6 : NfFamily.Ip))
            && !c.Table.StartsWith(FirewalldZones.Table, StringComparison.Ordinal)))
        {
            bool sure = true;
            Outcome outcome = Walk(chain, chain.Name, input, output, 0, ref sure);
            if (outcome == Outcome.Drops || (outcome == Outcome.Falls && chain.DropsByDefault))
            {
                yield return new ForwardRefusal($"the chain {chain.Name} of the table {chain.Family.ToString().ToLowerInvariant()} {chain.Table}", ByPolicy: outcome == Outcome.Falls, sure);
            }
        }
    }

    private Outcome Walk(NfChainInfo at, string chain, string input, string output, int depth, ref bool sure)
    {
        foreach (NfRuleMeaning rule in Rules.Where(r => r.Family == at.Family && r.Table == at.Table && r.Chain == chain).Select(r => r.Meaning).Where(m => IsAbout(m, input, output)))
        {
            sure &= rule.IsUnconditional || rule.Verdict is NfRuleVerdict.None or NfRuleVerdict.Accept;
            Outcome outcome = rule.Verdict switch
            {
                NfRuleVerdict.Accept => Outcome.Accepts,
                NfRuleVerdict.Drop => Outcome.Drops,
                NfRuleVerdict.Jump or NfRuleVerdict.Goto when depth < Deepest => Walk(at, rule.Target, input, output, depth + 1, ref sure),
                _ => Outcome.Falls,
            };
            if (outcome != Outcome.Falls || rule.Verdict is NfRuleVerdict.Return or NfRuleVerdict.Goto)
            {
                return outcome;
            }

            sure &= rule.Verdict != NfRuleVerdict.Unread;
        }

        return Outcome.Falls;
    }

    // A connection that begins has no state yet that is asked for; what matches by something else is about others.
    private static bool IsAbout(NfRuleMeaning rule, string input, string output) => !rule.ByState
        && (rule.InputInterface is null || rule.InputInterface == input) && (rule.OutputInterface is null || rule.OutputInterface == output)
        && (rule.IsUnconditional || rule.InputInterface is not null || rule.OutputInterface is not null);
}
