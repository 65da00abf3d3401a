namespace Berth.Linux.NfTables;

/// <summary>One change of the firewall.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Family">The table's family.</param>
/// <param name="Table">The table.</param>
/// <param name="Name">The chain (also for a rule) or the set (also for elements) in it; empty for a table.</param>
/// <param name="Port">The socket that made the change (<see cref="Netlink.NetlinkSocket.Port"/>).</param>
public sealed record NfChange(NfChangeKind Kind, NfFamily Family, string Table, string Name, uint Port)
{
    /// <summary>The program that made it, as /proc/PID/comm has it ("nft"); empty when the notification with it has not come yet or was lost.</summary>
    public string Program { get; init; } = "";

    /// <summary>Its process, as the initial pid namespace numbers it. 0: not known.</summary>
    public int Pid { get; init; }
}
