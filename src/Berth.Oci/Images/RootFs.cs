using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>The image's layers, as digests of their uncompressed archives (OCI image specification, config.md, "rootfs").</summary>
public sealed record RootFs
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "layers";

    /// <summary>From the lowest up.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string> DiffIds { get; init; } = [];
}
