namespace Berth.Engine.Processes;

/// <summary>A process of the host, as /proc tells of it.</summary>
internal sealed record ProcessFacts
{
    public int Pid { get; init; }

    public int ParentPid { get; init; }

    public int ProcessGroup { get; init; }

    public int Session { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>The host's name for the uid, as ps on the host prints it; the number where it has none.</summary>
    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    /// <summary>pts/0, or "?".</summary>
    public string Tty { get; init; } = "?";

    /// <summary>ps's STAT: Ss+ and so on.</summary>
    public string State { get; init; } = "S";

    public string Name { get; init; } = "";

    /// <summary>The command line, or [name] where it has none.</summary>
    public string Command { get; init; } = "";

    public TimeSpan CpuTime { get; init; }

    public DateTimeOffset Started { get; init; }

    public double CpuPercent { get; init; }

    public double MemoryPercent { get; init; }

    public long VirtualKib { get; init; }

    public long ResidentKib { get; init; }

    public int Nice { get; init; }

    public int Threads { get; init; }
}
