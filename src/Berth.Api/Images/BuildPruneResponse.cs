namespace Berth.Api;

public sealed record BuildPruneResponse
{
    public IReadOnlyList<string>? CachesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long? SpaceReclaimed { get; init; }
}
