namespace Berth.Linux.Netlink;

/// <summary>What <see cref="NetworkLosses"/> hears of.</summary>
public enum NetworkLossKind
{
    /// <summary>An interface's address was removed.</summary>
    Address,

    /// <summary>An interface was set down.</summary>
    Link,

    /// <summary>A route was removed that the kernel had made with an address, or somebody by hand.</summary>
    Route,

    /// <summary>A policy rule was removed.</summary>
    Rule,

    /// <summary>An interface, or the host as a whole, passes packets on no longer.</summary>
    Forwarding,
}
