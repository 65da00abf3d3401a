namespace Berth.Api;

public sealed record PeerInfo
{
    public string? Name { get; init; }

    public string? IP { get; init; }
}
