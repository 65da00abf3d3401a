namespace Berth.Linux.NfTables;

/// <summary>Which packets a table sees. The numbers are NFPROTO_….</summary>
public enum NfFamily : byte
{
    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,

    /// <summary>IPv4 only, where iptables-nft keeps its chains.</summary>
    Ip = 2,

    /// <summary>What passes a bridge, before anybody looks at it as a packet: its interfaces are the bridge's ports.</summary>
    Bridge = 7,

    Ip6 = 10,
}
