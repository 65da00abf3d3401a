using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>One sample of what a container uses.</summary>
public sealed record ContainerStatsResponse
{
    /// <summary>With a slash before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("os_type")]
    public string? OsType { get; init; }

    /// <summary>When it was taken, RFC 3339.</summary>
    [JsonPropertyName("read")]
    public string? Read { get; init; }

    /// <summary>When the sample before it was taken; the year 1: there was none.</summary>
    [JsonPropertyName("preread")]
    public string? PreRead { get; init; }

    [JsonPropertyName("pids_stats")]
    public ContainerPidsStats? PidsStats { get; init; }

    [JsonPropertyName("blkio_stats")]
    public ContainerBlkioStats? BlkioStats { get; init; }

    /// <summary>Of Windows; 0.</summary>
    [JsonPropertyName("num_procs")]
    public uint NumProcs { get; init; }

    /// <summary>Of Windows; empty.</summary>
    [JsonPropertyName("storage_stats")]
    public IReadOnlyDictionary<string, string>? StorageStats { get; init; }

    [JsonPropertyName("cpu_stats")]
    public ContainerCpuStats? CpuStats { get; init; }

    /// <summary>Those of the sample before it.</summary>
    [JsonPropertyName("precpu_stats")]
    public ContainerCpuStats? PreCpuStats { get; init; }

    [JsonPropertyName("memory_stats")]
    public ContainerMemoryStats? MemoryStats { get; init; }

    /// <summary>By interface; left out where the container has none of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("networks")]
    public IReadOnlyDictionary<string, ContainerNetworkStats>? Networks { get; init; }
}
