using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record NetworkInspect
{
    public string? Name { get; init; }

    public string? Id { get; init; }

    public string? Created { get; init; }

    public string? Scope { get; init; }

    public string? Driver { get; init; }

    public bool? EnableIPv4 { get; init; }

    public bool? EnableIPv6 { get; init; }

    public IPAM? IPAM { get; init; }

    public bool? Internal { get; init; }

    public bool? Attachable { get; init; }

    public bool? Ingress { get; init; }

    public ConfigReference? ConfigFrom { get; init; }

    public bool? ConfigOnly { get; init; }

    public IReadOnlyDictionary<string, EndpointResource>? Containers { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PeerInfo>? Peers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Services { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkStatus? Status { get; init; }
}
