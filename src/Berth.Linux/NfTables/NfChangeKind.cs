namespace Berth.Linux.NfTables;

/// <summary>What happened to a part of the firewall. Elements whose time is over go without a word.</summary>
public enum NfChangeKind
{
    TableAdded,
    TableRemoved,

    /// <summary>Or its policy was changed.</summary>
    ChainAdded,
    ChainRemoved,

    /// <summary>Or put in another's place.</summary>
    RuleAdded,
    RuleRemoved,
    SetAdded,
    SetRemoved,
    ElementsAdded,
    ElementsRemoved,
}
