namespace Berth.Api;

public sealed record ImageSummary
{
    public string? Id { get; init; }

    public string? ParentId { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? RepoDigests { get; init; }

    public long? Created { get; init; }

    public long? Size { get; init; }

    public long? SharedSize { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public long? Containers { get; init; }

    public IReadOnlyList<ImageManifestSummary>? Manifests { get; init; }

    public OCIDescriptor? Descriptor { get; init; }
}
