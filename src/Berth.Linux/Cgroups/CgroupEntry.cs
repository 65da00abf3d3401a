using Berth.Linux.Files;

namespace Berth.Linux.Cgroups;

/// <summary>Ways into a cgroup, opened by the parent so that the child needs no path.</summary>
public sealed record CgroupEntry : IDisposable
{
    /// <summary>The v2 folder for CLONE_INTO_CGROUP; null on pure v1.</summary>
    public FileDescriptor? Folder { get; init; }

    /// <summary>
    /// v1: each hierarchy's "tasks" file; the single-threaded child writes "0" to each.
    /// Not cgroup.procs: a thread that moves itself takes no cgroup_threadgroup_rwsem, whose write side waits for an RCU grace period.
    /// </summary>
    public IReadOnlyList<(string Hierarchy, FileDescriptor Tasks)> Tasks { get; init; } = [];

    public void Dispose()
    {
        Folder?.Dispose();
        foreach ((_, FileDescriptor tasks) in Tasks)
        {
            tasks.Dispose();
        }
    }
}
