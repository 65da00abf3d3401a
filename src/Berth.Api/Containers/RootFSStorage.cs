namespace Berth.Api;

public sealed record RootFSStorage
{
    public RootFSStorageSnapshot? Snapshot { get; init; }
}
