using Berth.Linux.Processes;

namespace Berth.Runtime.Planning;

/// <summary>What a plan depends on beside the spec: read once by the parent (Init/HostInspection.cs), so that planning stays a pure function.</summary>
internal sealed record HostFacts
{
    /// <summary>SigIgn of /proc/self/status: execve keeps what is ignored, and .NET's start-up ignores SIGPIPE.</summary>
    public ulong IgnoredSignals { get; init; }

    /// <summary>/proc/sys/kernel/cap_last_cap.</summary>
    public int LastCapability { get; init; } = 40;

    /// <summary>CapPrm of /proc/self/status: no process can give more than it has.</summary>
    public ulong PermittedCapabilities { get; init; } = ulong.MaxValue;

    /// <summary>This process's limits, by resource number: what a limit falls back to where raising it is not permitted.</summary>
    public IReadOnlyDictionary<int, (ulong Soft, ulong Hard)> Rlimits { get; init; } = new Dictionary<int, (ulong, ulong)>();

    /// <summary>RLIMIT_NOFILE to set where the spec sets none; null leaves what the process inherits.</summary>
    public OpenFileLimit? OpenFiles { get; init; }

    /// <summary>Sources of bind mounts, by the spec's own spelling.</summary>
    public IReadOnlyDictionary<string, FileKind> Sources { get; init; } = new Dictionary<string, FileKind>();

    /// <summary>Masked paths, as they will be in the container.</summary>
    public IReadOnlyDictionary<string, FileKind> Masked { get; init; } = new Dictionary<string, FileKind>();

    /// <summary>Mount destinations whose way leads over symlinks of the image, and where they lead inside the root.</summary>
    public IReadOnlyDictionary<string, string> Targets { get; init; } = new Dictionary<string, string>();

    /// <summary>1 or 2.</summary>
    public int CgroupVersion { get; init; } = 1;

    public IReadOnlyList<CgroupView> Cgroups { get; init; } = [];

    /// <summary>Whether each of the three inherited stdio descriptors is a pipe or socket, which the user of the process may own.</summary>
    public IReadOnlyList<bool> StdioOwnable { get; init; } = [false, false, false];

    public bool AppArmor { get; init; }

    public bool SeLinux { get; init; }
}
