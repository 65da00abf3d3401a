namespace Berth.Api;

public sealed record ContainerSummaryNetworkSettings
{
    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}
