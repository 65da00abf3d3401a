namespace Berth.Oci.Monitor;

/// <summary>How an exec ended: <c>exec/ID.json</c> in the run folder.</summary>
public sealed record ExecExit
{
    public required string Id { get; init; }

    public int ExitCode { get; init; }

    public DateTimeOffset FinishedAt { get; init; }
}
