namespace Berth.Api;

/// <summary>What each layer of an image adds. An operation of our own.</summary>
public sealed record ImageLayersResponse
{
    public string? Id { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>Bytes of all layers.</summary>
    public long? Size { get; init; }

    /// <summary>The lowest first.</summary>
    public IReadOnlyList<ImageLayerSummary>? Layers { get; init; }
}
