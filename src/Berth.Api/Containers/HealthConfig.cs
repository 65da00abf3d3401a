namespace Berth.Api;

public sealed record HealthConfig
{
    public IReadOnlyList<string>? Test { get; init; }

    public long? Interval { get; init; }

    public long? Timeout { get; init; }

    public long? Retries { get; init; }

    public long? StartPeriod { get; init; }

    public long? StartInterval { get; init; }
}
