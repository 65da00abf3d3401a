namespace Berth.Network;

/// <summary>A network: what its row keeps and inspect shows.</summary>
public sealed record Network
{
    /// <summary>64 hex digits, kept for the life of the data root.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>One of <see cref="NetworkDrivers"/>.</summary>
    public required string Driver { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Where addresses come from; empty where the driver has none.</summary>
    public IReadOnlyList<NetworkSubnet> Subnets { get; init; } = [];

    public bool EnableIpv4 { get; init; } = true;

    public bool EnableIpv6 { get; init; }

    /// <summary>No way out: containers on it reach each other and the host only.</summary>
    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    /// <summary>Only a set of settings that other networks are made from.</summary>
    public bool ConfigOnly { get; init; }

    /// <summary>The configuration network whose settings these are; null: its own.</summary>
    public string? ConfigFrom { get; init; }

    /// <summary>Driver options as they were given ("com.docker.network.bridge.name" and so on).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = None;

    public IReadOnlyDictionary<string, string> IpamOptions { get; init; } = None;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = None;

    /// <summary>The bridge on the host; null for other drivers.</summary>
    public string? Bridge { get; init; }

    /// <summary>
    /// The bridge stood before the network: it is an administrator's, keeps its MTU, and stays when the network goes. These are the addresses that it had
    /// then ("10.90.0.1"). Null: the bridge is made with the network and goes with it.
    /// </summary>
    public IReadOnlyList<string>? FoundBridge { get; init; }

    /// <summary>An interface of the host that was made for the network and goes with it: the VLAN or dummy a macvlan or ipvlan stands on. Null: none.</summary>
    public string? MadeLink { get; init; }

    /// <summary>MTU of the bridge and all on it, bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>bridge, host and none: there from the start, never removed.</summary>
    public bool IsPredefined => Name is "bridge" or "host" or "none";

    /// <summary>Names of other containers are answered here: everywhere but on the predefined networks.</summary>
    public bool ResolvesNames => Driver is not (NetworkDrivers.Host or NetworkDrivers.None) && !IsPredefined;

    internal static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();
}
