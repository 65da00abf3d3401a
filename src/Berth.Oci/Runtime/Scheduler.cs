namespace Berth.Oci.Runtime;

/// <summary>sched_setattr(2).</summary>
public sealed record Scheduler
{
    public string? Policy { get; init; }

    public int Nice { get; init; }

    public int Priority { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public ulong Runtime { get; init; }

    public ulong Deadline { get; init; }

    public ulong Period { get; init; }
}
