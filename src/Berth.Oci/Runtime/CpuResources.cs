namespace Berth.Oci.Runtime;

/// <summary>Shares, microseconds, lists such as 0-3.</summary>
public sealed record CpuResources
{
    public ulong? Shares { get; init; }

    public long? Quota { get; init; }

    public ulong? Burst { get; init; }

    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }

    public long? Idle { get; init; }
}
