namespace Berth.Network;

/// <summary>What makes a network work.</summary>
public static class NetworkDrivers
{
    public const string Bridge = "bridge";
    public const string Host = "host";

    /// <summary>The driver of the network "none".</summary>
    public const string None = "null";

    public const string Macvlan = "macvlan";
    public const string Ipvlan = "ipvlan";
}
