namespace Berth.Api;

public sealed record NetworkCreateRequest
{
    public string? Name { get; init; }

    /// <summary>Sent by old clients; names are unique here in any case.</summary>
    public bool? CheckDuplicate { get; init; }

    public string? Driver { get; init; }

    public string? Scope { get; init; }

    public bool? Internal { get; init; }

    public bool? Attachable { get; init; }

    public bool? Ingress { get; init; }

    public bool? ConfigOnly { get; init; }

    public ConfigReference? ConfigFrom { get; init; }

    public IPAM? IPAM { get; init; }

    public bool? EnableIPv4 { get; init; }

    public bool? EnableIPv6 { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
