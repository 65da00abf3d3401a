namespace Berth.Runtime.Planning;

/// <summary>One system call of a plan, and what its success or failure means.</summary>
internal sealed record PlannedCall(string Name, IReadOnlyList<Argument> Arguments)
{
    /// <summary>What it does, for people: "mount proc on /proc".</summary>
    public required string Step { get; init; }

    /// <summary>What of config.json asked for it: "mounts[0]".</summary>
    public required string Origin { get; init; }

    /// <summary>Where its result goes.</summary>
    public Slot? Into { get; init; }

    /// <summary>Errnos (below 64) that are no failure.</summary>
    public IReadOnlyList<int> Tolerated { get; init; } = [];

    /// <summary>Where the plan goes on after a tolerated errno; the next call when null.</summary>
    public Label? OnTolerated { get; init; }

    /// <summary>Where it goes on after success; the next call when null.</summary>
    public Label? OnSuccess { get; init; }
}
