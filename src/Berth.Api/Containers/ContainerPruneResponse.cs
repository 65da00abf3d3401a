namespace Berth.Api;

public sealed record ContainerPruneResponse
{
    public IReadOnlyList<string>? ContainersDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long? SpaceReclaimed { get; init; }
}
