namespace Berth.Linux.Netlink;

/// <summary>Something that a network namespace has no longer.</summary>
/// <param name="Kind">What.</param>
/// <param name="LinkIndex">The interface; 0: of none, or of all.</param>
/// <param name="Table">The routing table of a route or rule; else 0.</param>
public readonly record struct NetworkLoss(NetworkLossKind Kind, int LinkIndex, int Table = 0);
