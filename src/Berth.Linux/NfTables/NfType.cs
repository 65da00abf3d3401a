namespace Berth.Linux.NfTables;

/// <summary>What a part of a set's or map's key or value is. The numbers are nft's own (nftables: include/datatype.h): the kernel keeps them for "nft list".</summary>
public enum NfType
{
    Ipv4Address = 7,
    Ipv6Address = 8,
    HardwareAddress = 9,
    Protocol = 12,
    Port = 13,

    /// <summary>An interface's name, which need not exist (yet).</summary>
    InterfaceName = 41,
}
