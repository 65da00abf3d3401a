namespace Berth.Oci.Monitor;

/// <summary>What a monitor needs beside the OCI spec: <c>monitor.json</c> in the run folder. All paths are absolute and the host's.</summary>
public sealed record MonitorRequest
{
    /// <summary>The container's id, 64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The Unix socket to listen at.</summary>
    public required string Socket { get; init; }

    /// <summary>Where to write <see cref="MonitorState"/> once the first process runs.</summary>
    public required string StatePath { get; init; }

    /// <summary>Where to write <see cref="ContainerExit"/> when it ended.</summary>
    public required string ExitPath { get; init; }

    /// <summary>Folder for the ends of execs, one <c>ID.json</c> each; made on the first.</summary>
    public required string ExecFolder { get; init; }

    /// <summary>The JSON-lines log; null keeps none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Rotate the log before it grows over so many bytes; 0: never.</summary>
    public long LogMaxSize { get; init; }

    /// <summary>How many log files are kept in all when rotating; at least 1.</summary>
    public int LogMaxFiles { get; init; } = 1;

    /// <summary>The container has a stdin that attach streams may write to.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>The end of the first attached stdin ends the container's stdin.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Whether the root file system is descriptor 4, a detached mount, instead of the spec's root.path.</summary>
    public bool RootIsDescriptor { get; init; }

    /// <summary>Whether descriptor 5 is the network namespace to join.</summary>
    public bool NetworkIsDescriptor { get; init; }

    /// <summary>Attach streams that exist before the start, so that no byte is missed.</summary>
    public IReadOnlyList<MonitorAttachment> Attachments { get; init; } = [];

    /// <summary>The published ports. Their sockets are the descriptors right behind those of the attachments, in this order: the first is 6 + the number of attachments.</summary>
    public IReadOnlyList<MonitorPort> Ports { get; init; } = [];

    /// <summary>The monitor's own cgroup, relative to each hierarchy's root ("/berth-monitors"); null stays in the caller's.</summary>
    public string? MonitorCgroup { get; init; }

    /// <summary>False for containers that go when they end (--rm): nothing of them has to survive a power cut, so no fsync is spent.</summary>
    public bool Durable { get; init; } = true;
}
