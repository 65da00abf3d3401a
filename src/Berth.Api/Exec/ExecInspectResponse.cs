using System.Text.Json.Serialization;
using Berth.Api.Json;

namespace Berth.Api;

public sealed record ExecInspectResponse
{
    public string? ID { get; init; }

    public bool? Running { get; init; }

    [JsonConverter(typeof(PointerInt64Converter))]
    public long? ExitCode { get; init; }

    public ProcessConfig? ProcessConfig { get; init; }

    public bool? OpenStdin { get; init; }

    public bool? OpenStderr { get; init; }

    public bool? OpenStdout { get; init; }

    public bool? CanRemove { get; init; }

    public string? ContainerID { get; init; }

    public string? DetachKeys { get; init; }

    public long? Pid { get; init; }
}
