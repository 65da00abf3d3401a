using Berth.Linux.NfTables;
using Berth.Network.Firewall.Firewalld;

namespace Berth.Network.Firewall;

/// <summary>Reads <see cref="FirewallDamage"/> from notifications. Pure.</summary>
internal static class FirewallDamages
{
    /// <param name="change">Made by somebody else.</param>
    /// <param name="table">Our table.</param>
    public static FirewallDamage Of(NfChange change, string table) => change switch
    {
        { Family: NfFamily.Inet or NfFamily.Bridge } when change.Table == table => FirewallDamage.Table,

        // A policy that is set is a chain added.
        { Kind: NfChangeKind.ChainAdded or NfChangeKind.ChainRemoved or NfChangeKind.TableRemoved } => FirewallDamage.Exceptions,

        // A rule that is added does not push ours out of its chain, but it may be how a bridge of Docker's comes.
        { Kind: NfChangeKind.RuleRemoved or NfChangeKind.RuleAdded, Table: ForeignForward.FilterTable, Name: ForeignForward.Forward } => FirewallDamage.Exceptions,
        { Kind: NfChangeKind.RuleRemoved, Family: NfFamily.Inet, Table: FirewalldZones.Table } => FirewallDamage.Exceptions, // an interface may have left its zone
        _ => FirewallDamage.None,
    };
}
