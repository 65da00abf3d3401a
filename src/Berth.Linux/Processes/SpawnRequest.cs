using Berth.Linux.Files;

namespace Berth.Linux.Processes;

/// <summary>A program to start, with exactly the descriptors named.</summary>
public sealed record SpawnRequest
{
    /// <summary>Its file; PATH is not searched.</summary>
    public required string Program { get; init; }

    /// <summary>argv, the program's own name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=VALUE. Nothing is inherited.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>It leads a session of its own, so that no terminal's signal reaches it; off: it may talk to the terminal of its starter.</summary>
    public bool OwnSession { get; init; } = true;

    /// <summary>What becomes 0, 1, 2, 3 …; null leaves a gap (closed). The caller keeps them open until the spawn returned, and closes its own.</summary>
    public required IReadOnlyList<FileDescriptor?> Descriptors { get; init; }
}
