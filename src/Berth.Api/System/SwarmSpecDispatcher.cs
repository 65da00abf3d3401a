namespace Berth.Api;

public sealed record SwarmSpecDispatcher
{
    public long? HeartbeatPeriod { get; init; }
}
