namespace Berth.Network;

/// <summary>A network as somebody asked for it. Text that has to be understood is still text: planning says what is wrong with it.</summary>
public sealed record NetworkDefinition
{
    public required string Name { get; init; }

    /// <summary>Empty: bridge.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Null: yes.</summary>
    public bool? EnableIpv4 { get; init; }

    /// <summary>Null: only where an IPv6 subnet or the option com.docker.network.enable_ipv6 asks for it.</summary>
    public bool? EnableIpv6 { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool ConfigOnly { get; init; }

    /// <summary>A configuration network by name or id.</summary>
    public string? ConfigFrom { get; init; }

    public IReadOnlyList<SubnetDefinition> Subnets { get; init; } = [];

    public IReadOnlyDictionary<string, string> Options { get; init; } = Network.None;

    public IReadOnlyDictionary<string, string> IpamOptions { get; init; } = Network.None;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Network.None;
}
