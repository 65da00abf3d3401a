namespace Berth.Images.Archives;

/// <summary>An element of manifest.json in the archives of "docker save".</summary>
internal sealed record DockerArchiveItem
{
    public string? Config { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }
}
