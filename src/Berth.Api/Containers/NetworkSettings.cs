namespace Berth.Api;

public sealed record NetworkSettings
{
    public string? SandboxID { get; init; }

    public string? SandboxKey { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? Ports { get; init; }

    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}
