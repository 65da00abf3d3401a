namespace Berth.Runtime.Commands;

/// <summary>state.json of a container in the runtime's root folder; config.json lies beside it.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string Bundle { get; init; }

    public required int Pid { get; init; }

    /// <summary>Field 22 of /proc/PID/stat: a later process of the same number is another.</summary>
    public required ulong PidStartTime { get; init; }

    /// <summary>Relative to each hierarchy's root.</summary>
    public required string Cgroup { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The program was let go.</summary>
    public bool Started { get; init; }
}
