namespace Berth.Linux.Netlink;

/// <summary>What ipvlan interfaces do themselves. ip-link(8); the numbers are IPVLAN_MODE_....</summary>
public enum IpvlanMode : ushort
{
    /// <summary>They are on the parent's Ethernet.</summary>
    L2 = 0,

    /// <summary>The parent routes for them.</summary>
    L3 = 1,

    /// <summary>The parent routes, and its netfilter sees the packets.</summary>
    L3s = 2,
}
