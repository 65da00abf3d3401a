using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ImageSummary
{
    public long? Containers { get; init; }

    public long? Created { get; init; }

    public string? Id { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? ParentId { get; init; }

    public IReadOnlyList<string>? RepoDigests { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public long? SharedSize { get; init; }

    public long? Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImageManifestSummary>? Manifests { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OCIDescriptor? Descriptor { get; init; }
}
