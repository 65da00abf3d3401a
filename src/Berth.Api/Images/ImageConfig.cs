using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ImageConfig
{
    public string? User { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? ExposedPorts { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? Cmd { get; init; }

    public HealthConfig? Healthcheck { get; init; }

    public bool? ArgsEscaped { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Volumes { get; init; }

    public string? WorkingDir { get; init; }

    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? StopSignal { get; init; }

    public IReadOnlyList<string>? Shell { get; init; }
}
