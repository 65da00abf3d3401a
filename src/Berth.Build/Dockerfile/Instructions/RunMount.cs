namespace Berth.Build.Dockerfile.Instructions;

/// <summary>A mount of one RUN.</summary>
public sealed record RunMount
{
    public RunMountType Type { get; init; } = RunMountType.Bind;

    /// <summary>Stage, named context or image that a bind or a cache begins from; null: the context, an empty cache.</summary>
    public string? From { get; init; }

    public string? Source { get; init; }

    public string? Target { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>Bytes of a tmpfs; 0: no limit.</summary>
    public long SizeLimit { get; init; }

    /// <summary>Of a cache, a secret or an agent.</summary>
    public string? Id { get; init; }

    /// <summary>null: not given, which means shared.</summary>
    public CacheSharing? Sharing { get; init; }

    /// <summary>A secret or an agent that is missing fails the step.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The variable that holds a secret; empty: one named after its id.</summary>
    public string? Variable { get; init; }

    public uint? Mode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}
