namespace Berth.Api;

public sealed record SwarmSpecOrchestration
{
    public long? TaskHistoryRetentionLimit { get; init; }
}
