namespace Berth.Engine.Mounts;

/// <summary>One mount of a container, resolved at create: what its row keeps.</summary>
public sealed record ContainerMount
{
    public required MountKind Kind { get; init; }

    /// <summary>Clean and absolute, inside the container.</summary>
    public required string Destination { get; init; }

    /// <summary>Bind: the host's path.</summary>
    public string? HostPath { get; init; }

    /// <summary>Volume: its name. Null until an anonymous one got one.</summary>
    public string? Volume { get; init; }

    /// <summary>The volume was made for this container and goes with `rm -v`.</summary>
    public bool Anonymous { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Bind: as mount_namespaces(7) calls it, "rprivate" and so on; empty for the default.</summary>
    public string Propagation { get; init; } = "";

    /// <summary>The mode part as the client wrote it: what inspect shows.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Bind: make the host's folder when it is missing.</summary>
    public bool MakeHostPath { get; init; }

    /// <summary>Volume: do not fill it from the image.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Volume: mount this path inside of it.</summary>
    public string? Subpath { get; init; }

    /// <summary>Bind: without the mounts below it.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Read-only at the top, mounts below it as they are.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Tmpfs: mount options, comma separated.</summary>
    public string TmpfsOptions { get; init; } = "";

    /// <summary>Asked for by --mount rather than -v; such a bind refuses a missing host path.</summary>
    public bool FromMountOption { get; init; }

    /// <summary>Volume: labels and driver options of a volume that this mount makes.</summary>
    public IReadOnlyDictionary<string, string>? VolumeLabels { get; init; }
}
