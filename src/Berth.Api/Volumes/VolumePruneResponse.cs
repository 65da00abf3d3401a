namespace Berth.Api;

public sealed record VolumePruneResponse
{
    public IReadOnlyList<string>? VolumesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long? SpaceReclaimed { get; init; }
}
