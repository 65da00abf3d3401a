namespace Berth.Api;

public sealed record ImagePruneResponse
{
    public IReadOnlyList<ImageDeleteResponseItem>? ImagesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long? SpaceReclaimed { get; init; }
}
