namespace Berth.Linux.NfTables;

/// <summary>A rule that stands in the firewall, known by its comment; empty where it has none.</summary>
public sealed record NfRuleInfo(string Table, string Chain, ulong Handle, string Comment)
{
    /// <summary>The table's.</summary>
    public NfFamily Family { get; init; }

    /// <summary>What it is about.</summary>
    public NfRuleMeaning Meaning { get; init; } = new();
}
