namespace Berth.Api;

public sealed record HealthcheckResult
{
    public string? Start { get; init; }

    public string? End { get; init; }

    public long? ExitCode { get; init; }

    public string? Output { get; init; }
}
