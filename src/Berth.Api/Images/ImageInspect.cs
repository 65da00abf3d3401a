namespace Berth.Api;

public sealed record ImageInspect
{
    public string? Id { get; init; }

    public OCIDescriptor? Descriptor { get; init; }

    public IReadOnlyList<ImageManifestSummary>? Manifests { get; init; }

    public Identity? Identity { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? RepoDigests { get; init; }

    public string? Comment { get; init; }

    public string? Created { get; init; }

    public string? Author { get; init; }

    public ImageConfig? Config { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }

    public string? Os { get; init; }

    public string? OsVersion { get; init; }

    public long? Size { get; init; }

    public DriverData? GraphDriver { get; init; }

    public ImageInspectRootFS? RootFS { get; init; }

    public ImageInspectMetadata? Metadata { get; init; }
}
