using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Says where the host's own firewall would deny a port that is published: with the policy "open" such packets are translated before they meet the
/// host's input rules, which may surprise who wrote these. What cannot be read for sure is said to be unsure. Pure.
/// </summary>
/// <param name="chains">Of both families and inet, without our own table's.</param>
/// <param name="rules">Likewise.</param>
/// <param name="inside">Whether nobody outside comes in by an interface: what is let in there (firewalld's zone of containers' bridges) tells nothing.</param>
/// <param name="contains">Whether a set of ports (family, table, name) names a port itself; ranges in it need not be known.</param>
internal sealed class FirewallAdvice(IReadOnlyList<NfChainInfo> chains, IReadOnlyList<NfRuleInfo> rules, Func<string, bool> inside, Func<NfFamily, string, string, ushort, bool> contains)
{
    private const int MostJumps = 16; // the kernel's own limit, NFT_JUMP_STACK_SIZE

    private enum Answer
    {
        Falls,
        Accepts,
        Denies,
    }

    /// <summary>The warning for a port; null: nobody denies it.</summary>
    public string? WarningFor(PublishedPort port)
    {
        foreach (NfChainInfo chain in chains.Where(c => c.Hook == NfHook.Input && (c.Family == NfFamily.Inet || c.Family == (port.IsIpv6 ? NfFamily.Ip6 : NfFamily.Ip))))
        {
            bool unsure = false;
            Answer answer = Walk(port, chain.Family, chain.Table, chain.Name, 0, ref unsure);
            if (answer == Answer.Denies || (answer == Answer.Falls && chain.DropsByDefault))
            {
                return $"the host's firewall {(unsure ? "may deny" : "denies")} {port.ProtocolName} port {port.HostPort} (chain {chain.Name} of the table {chain.Family.ToString().ToLowerInvariant()} {chain.Table}), "
                    + "but published ports pass it by: they are reached all the same; publish with the policy \"host\" (--publish-policy=host) if its rules are to decide";
            }
        }

        return null;
    }

    private Answer Walk(PublishedPort port, NfFamily family, string table, string chain, int depth, ref bool unsure)
    {
        bool left = false; // some packets have left this chain: what is denied from there on may be others'
        foreach (NfRuleInfo rule in depth > MostJumps ? [] : rules.Where(r => r.Family == family && r.Table == table && r.Chain == chain))
        {
            NfRuleMeaning meaning = rule.Meaning;
            if (meaning.Elsewhere || (meaning.InputInterface is { } interfaceName && inside(interfaceName)) || (meaning.Protocol is { } protocol && protocol != (byte)port.Protocol) || port.HostPort < meaning.FirstPort || port.HostPort > meaning.LastPort)
            {
                continue;
            }

            bool inSet = meaning.PortSet is not { } set || contains(family, table, set, port.HostPort);
            unsure |= meaning.Verdict is NfRuleVerdict.Accept or NfRuleVerdict.Unread && (meaning.Unread || !inSet || meaning.Verdict == NfRuleVerdict.Unread || (meaning.NamesPort && meaning.Narrower));
            bool plain = inSet && !meaning.Unread && !meaning.Narrower && (meaning.NamesPort || !meaning.ByState);
            switch (meaning.Verdict)
            {
                case NfRuleVerdict.Accept when plain: return Answer.Accepts;
                case NfRuleVerdict.Drop when plain:
                    unsure |= left;
                    return Answer.Denies;
                case NfRuleVerdict.Return or NfRuleVerdict.Goto when meaning.IsUnconditional && meaning.Target.Length == 0: return Answer.Falls;
                case NfRuleVerdict.Return:
                    left |= !meaning.ByState;
                    break;
                case NfRuleVerdict.Jump or NfRuleVerdict.Goto:
                    // What another chain accepts on some condition (an interface's zone) is accepted; what it denies may be another's packets.
                    Answer there = Walk(port, family, table, meaning.Target, depth + 1, ref unsure);
                    if (there == Answer.Accepts || (there == Answer.Denies && plain))
                    {
                        return there;
                    }

                    unsure |= there == Answer.Denies;
                    if (meaning.Verdict == NfRuleVerdict.Goto && meaning.IsUnconditional)
                    {
                        return Answer.Falls;
                    }

                    break;
            }
        }

        return Answer.Falls;
    }
}
