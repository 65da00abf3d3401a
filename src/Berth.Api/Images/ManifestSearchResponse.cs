namespace Berth.Api;

/// <summary>What a name means in its registry. An operation of our own.</summary>
public sealed record ManifestSearchResponse
{
    /// <summary>The name means a list, whose members these are; otherwise there is one.</summary>
    public bool? IsList { get; init; }

    public IReadOnlyList<ManifestEntry>? Manifests { get; init; }
}
