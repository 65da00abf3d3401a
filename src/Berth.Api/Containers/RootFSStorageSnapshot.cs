namespace Berth.Api;

public sealed record RootFSStorageSnapshot
{
    public string? Name { get; init; }
}
