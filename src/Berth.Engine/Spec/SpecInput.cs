using Berth.Api;
using Berth.Engine.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Engine.Spec;

/// <summary>All that a container's spec is made of. Everything that needs the file system or other containers has been resolved before.</summary>
public sealed record SpecInput
{
    public required string Id { get; init; }

    public required ContainerConfig Config { get; init; }

    public required HostConfig HostConfig { get; init; }

    public required HostFacts Host { get; init; }

    /// <summary>By destination depth, each with the host path that lies behind it (none for tmpfs).</summary>
    public required IReadOnlyList<(ContainerMount Mount, string? Source)> Mounts { get; init; }

    public required User User { get; init; }

    /// <summary>The user's home, for HOME.</summary>
    public required string Home { get; init; }

    /// <summary>Relative to each hierarchy's root.</summary>
    public required string CgroupPath { get; init; }

    public required string HostsPath { get; init; }

    public required string HostnamePath { get; init; }

    public required string ResolvConfPath { get; init; }

    /// <summary>Namespaces that are another process's, by type of the spec: "pid" → "/proc/7/ns/pid".</summary>
    public IReadOnlyDictionary<string, string> JoinedNamespaces { get; init; } = new Dictionary<string, string>();

    /// <summary>The network namespace comes as a descriptor.</summary>
    public bool NetworkIsDescriptor { get; init; }

    /// <summary>What lies at /dev/shm when IPC is another's; null makes a new tmpfs.</summary>
    public string? SharedMemoryPath { get; init; }

    /// <summary>--device, looked up on the host; for a privileged container all of the host's.</summary>
    public IReadOnlyList<(Device Device, string Access)> Devices { get; init; } = [];

    /// <summary>Null: no filter.</summary>
    public SeccompPolicy? Seccomp { get; init; }

    /// <summary>The program of --init on the host; null without --init.</summary>
    public string? InitPath { get; init; }

    /// <summary>The limit of open files where none is asked for; null: the monitor's.</summary>
    public Linux.Processes.OpenFileLimit? OpenFiles { get; init; }
}
