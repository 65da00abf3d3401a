namespace Berth.Linux.NfTables;

/// <summary>A chain that stands in the firewall.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="DropsByDefault">Its policy is drop.</param>
public sealed record NfChainInfo(string Table, string Name, bool DropsByDefault)
{
    /// <summary>The table's.</summary>
    public NfFamily Family { get; init; }

    /// <summary>Where it stands in a packet's way; null: packets come by a jump only.</summary>
    public NfHook? Hook { get; init; }
}
