namespace Berth.Linux.NfTables;

/// <summary>A chain that stands in the firewall.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="DropsByDefault">Its policy is drop.</param>
public sealed record NfChainInfo(string Table, string Name, bool DropsByDefault);
