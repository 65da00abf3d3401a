namespace Berth.Network.Networks;

/// <summary>What a network's row keeps beside its columns. Rows of older daemons have the first two members only.</summary>
internal sealed record NetworkDocument
{
    /// <summary>The link's name; null where the driver has none.</summary>
    public string? Bridge { get; init; }

    /// <summary>The default bridge's address with its prefix.</summary>
    public string? Address { get; init; }

    /// <summary>The default bridge's IPv6 address, also while it speaks none.</summary>
    public string? Ipv6Address { get; init; }

    /// <summary>Of the default bridge: what it was called before and is not taken away yet.</summary>
    public IReadOnlyList<FormerBridge>? FormerBridges { get; init; }

    public IReadOnlyList<SubnetDefinition>? Subnets { get; init; }

    public bool? EnableIpv4 { get; init; }

    public bool? EnableIpv6 { get; init; }

    public bool? Internal { get; init; }

    public bool? Attachable { get; init; }

    public bool? ConfigOnly { get; init; }

    public string? ConfigFrom { get; init; }

    public IReadOnlyList<string>? FoundBridge { get; init; }

    public string? MadeLink { get; init; }

    public int? Mtu { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? IpamOptions { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
