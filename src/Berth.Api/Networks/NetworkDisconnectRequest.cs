namespace Berth.Api;

public sealed record NetworkDisconnectRequest
{
    public string? Container { get; init; }

    public bool? Force { get; init; }
}
