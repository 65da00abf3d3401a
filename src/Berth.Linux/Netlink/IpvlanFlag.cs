namespace Berth.Linux.Netlink;

/// <summary>How ipvlan interfaces of one parent reach each other. The numbers are IPVLAN_F_....</summary>
public enum IpvlanFlag : ushort
{
    /// <summary>Directly.</summary>
    Bridge = 0,

    /// <summary>Not at all.</summary>
    Private = 1,

    /// <summary>By the switch outside.</summary>
    Vepa = 2,
}
