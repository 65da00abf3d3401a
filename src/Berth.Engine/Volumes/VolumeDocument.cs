namespace Berth.Engine.Volumes;

/// <summary>What a volume is, beside its name.</summary>
public sealed record VolumeDocument
{
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>It was made for a container's unnamed mount.</summary>
    public bool Anonymous { get; init; }
}
