namespace Berth.Api;

/// <summary>What a check of the store looked at and found.</summary>
public sealed record SystemCheckSummary
{
    public long? Blobs { get; init; }

    /// <summary>Of all blobs.</summary>
    public long? Bytes { get; init; }

    public long? Layers { get; init; }

    public long? Images { get; init; }

    public long? Found { get; init; }

    public long? Repaired { get; init; }
}
