namespace Berth.Oci.Monitor;

/// <summary>How a container ended: <c>exit.json</c>, beside its log.</summary>
public sealed record ContainerExit
{
    /// <summary>The exit status, or 128 + the signal's number.</summary>
    public int ExitCode { get; init; }

    public bool OomKilled { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>User and system time of the whole cgroup, in microseconds; null where it could not be read.</summary>
    public long? CpuMicroseconds { get; init; }
}
