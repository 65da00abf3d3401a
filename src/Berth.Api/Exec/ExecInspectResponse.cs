namespace Berth.Api;

public sealed record ExecInspectResponse
{
    public bool? CanRemove { get; init; }

    public string? DetachKeys { get; init; }

    public string? ID { get; init; }

    public bool? Running { get; init; }

    public long? ExitCode { get; init; }

    public ProcessConfig? ProcessConfig { get; init; }

    public bool? OpenStdin { get; init; }

    public bool? OpenStderr { get; init; }

    public bool? OpenStdout { get; init; }

    public string? ContainerID { get; init; }

    public long? Pid { get; init; }
}
