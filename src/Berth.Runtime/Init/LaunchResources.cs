using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Tracing;

namespace Berth.Runtime.Init;

/// <summary>What a container is made of beside its spec. The launcher borrows every descriptor; the caller closes them afterwards.</summary>
internal sealed record LaunchResources
{
    public required string Id { get; init; }

    /// <summary>The bundle's folder, absolute: a relative root.path is below it.</summary>
    public required string Bundle { get; init; }

    /// <summary>The root file system as a detached mount; null takes root.path of the spec.</summary>
    public FileDescriptor? Root { get; init; }

    /// <summary>The network namespace to join, before any the spec names.</summary>
    public FileDescriptor? Network { get; init; }

    /// <summary>Descriptors 0, 1 and 2; null inherits the caller's. Not read when the spec's process has a terminal.</summary>
    public Stdio? Stdio { get; init; }

    /// <summary>A listening Unix socket (SOCK_SEQPACKET): the container waits for a connection to it before it runs its program.</summary>
    public FileDescriptor? Gate { get; init; }

    /// <summary>Descriptors 3 to 3 + n - 1 that stay open in the program (--preserve-fds).</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>RLIMIT_NOFILE of the program where its spec sets none; null inherits the caller's.</summary>
    public OpenFileLimit? OpenFiles { get; init; }

    /// <summary>Attach the root by move and chroot: for a host whose root is its initramfs, which pivot_root refuses.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Replaces this step of the plan by one that fails, for tests of the failure paths; null for none.</summary>
    public int? FailStep { get; init; }

    /// <summary>Where the steps' times are noted; null for nowhere.</summary>
    public TraceLog? Trace { get; init; }
}
