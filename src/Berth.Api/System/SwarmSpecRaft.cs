namespace Berth.Api;

public sealed record SwarmSpecRaft
{
    public long? SnapshotInterval { get; init; }

    public long? KeepOldSnapshots { get; init; }

    public long? LogEntriesForSlowFollowers { get; init; }

    public long? ElectionTick { get; init; }

    public long? HeartbeatTick { get; init; }
}
