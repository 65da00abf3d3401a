using Berth.Linux.Cgroups;
using Berth.Linux.Files;

namespace Berth.Runtime.Init;

/// <summary>A child that runs its program. Disposing closes the descriptors and does nothing to the process.</summary>
internal sealed record LaunchedProcess : IDisposable
{
    public required int Pid { get; init; }

    /// <summary>Readable (poll) when the process has ended; the owner of this object reaps it.</summary>
    public required FileDescriptor PidFd { get; init; }

    /// <summary>Field 22 of /proc/PID/stat.</summary>
    public required ulong StartTime { get; init; }

    /// <summary>The container's cgroup: usage, freezing, removal after the end. The launcher made it; whoever holds this removes it.</summary>
    public required ICgroup Cgroup { get; init; }

    /// <summary>The master of the process's terminal, on the container's own devpts; null without terminal.</summary>
    public FileDescriptor? Terminal { get; init; }

    public void Dispose()
    {
        PidFd.Dispose();
        Terminal?.Dispose();
    }
}
