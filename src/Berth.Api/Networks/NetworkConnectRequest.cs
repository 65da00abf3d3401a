namespace Berth.Api;

public sealed record NetworkConnectRequest
{
    public string? Container { get; init; }

    public EndpointSettings? EndpointConfig { get; init; }
}
