using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>A manifest in a registry, or a member of a list of them. Of operations of our own.</summary>
public sealed record ManifestEntry
{
    /// <summary>Its whole name: "docker.io/library/busybox:latest".</summary>
    public string? Ref { get; init; }

    public OCIDescriptor? Descriptor { get; init; }

    /// <summary>The manifest itself; null: it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Raw { get; init; }
}
