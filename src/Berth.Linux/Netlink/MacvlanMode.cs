namespace Berth.Linux.Netlink;

/// <summary>How macvlan interfaces of one parent reach each other. ip-link(8); the numbers are MACVLAN_MODE_....</summary>
public enum MacvlanMode : uint
{
    /// <summary>Not at all.</summary>
    Private = 1,

    /// <summary>By the switch outside, which has to send packets back (802.1Qbg).</summary>
    Vepa = 2,

    /// <summary>Directly.</summary>
    Bridge = 4,

    /// <summary>There is one only, and it is given the parent as it is.</summary>
    Passthru = 8,
}
