namespace Berth.Api;

public sealed record Storage
{
    public RootFSStorage? RootFS { get; init; }
}
