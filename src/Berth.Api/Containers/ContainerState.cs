using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerState
{
    public string? Status { get; init; }

    public bool? Running { get; init; }

    public bool? Paused { get; init; }

    public bool? Restarting { get; init; }

    public bool? OOMKilled { get; init; }

    public bool? Dead { get; init; }

    public long? Pid { get; init; }

    public long? ExitCode { get; init; }

    public string? Error { get; init; }

    public string? StartedAt { get; init; }

    public string? FinishedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Health? Health { get; init; }
}
