using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>What a container of the image starts with (OCI image specification, config.md, "config", and Docker's fields).</summary>
public sealed record ImageConfig
{
    public string? User { get; init; }

    /// <summary>Keys as "80/tcp".</summary>
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>Each NAME=value.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Keys are paths in the container.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    public string? WorkingDir { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>Seconds.</summary>
    public int? StopTimeout { get; init; }

    public bool? ArgsEscaped { get; init; }

    public Healthcheck? Healthcheck { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    public IReadOnlyList<string>? Shell { get; init; }
}
