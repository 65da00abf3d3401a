namespace Berth.Api;

public sealed record NetworkingConfig
{
    public IReadOnlyDictionary<string, EndpointSettings>? EndpointsConfig { get; init; }
}
