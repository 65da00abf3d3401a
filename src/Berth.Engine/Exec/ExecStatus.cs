namespace Berth.Engine.Exec;

/// <summary>How far an exec came.</summary>
public sealed record ExecStatus
{
    /// <summary>Somebody started it: it cannot be started again.</summary>
    public bool Started { get; init; }

    /// <summary>In the host's pid namespace; 0 before the start.</summary>
    public int Pid { get; init; }

    /// <summary>Null while it has not ended.</summary>
    public int? ExitCode { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool Running => Started && ExitCode is null;
}
