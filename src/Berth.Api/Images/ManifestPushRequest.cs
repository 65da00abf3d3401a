namespace Berth.Api;

/// <summary>A list of manifests that is to be written to a registry. An operation of our own.</summary>
public sealed record ManifestPushRequest
{
    /// <summary>The list's name, with a tag.</summary>
    public string? Name { get; init; }

    /// <summary>The registry may do without a good certificate, or without TLS.</summary>
    public bool? Insecure { get; init; }

    /// <summary>Members, in the list's order.</summary>
    public IReadOnlyList<ManifestEntry>? Manifests { get; init; }
}
