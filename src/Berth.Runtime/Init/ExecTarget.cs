using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Init;

/// <summary>A running container, as an exec joins it. Everything is borrowed.</summary>
internal sealed record ExecTarget
{
    /// <summary>The container's spec: its namespaces, seccomp policy and rlimits hold for execs too.</summary>
    public required RuntimeSpec Spec { get; init; }

    /// <summary>Pid of the first process, in the caller's pid namespace.</summary>
    public required int Pid { get; init; }

    public required FileDescriptor PidFd { get; init; }

    public required ICgroup Cgroup { get; init; }

    public int PreservedDescriptors { get; init; }

    /// <summary>As in <see cref="LaunchResources.OpenFiles"/>.</summary>
    public OpenFileLimit? OpenFiles { get; init; }
}
