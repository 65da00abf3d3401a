namespace Berth.Linux.Netlink;

/// <summary>What happens to packets a route is for. The numbers are RTN_....</summary>
public enum RouteType : byte
{
    /// <summary>They go to the gateway or the link.</summary>
    Unicast = 1,

    /// <summary>They are for this host, whether it has the address or not.</summary>
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>They are dropped in silence.</summary>
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}
