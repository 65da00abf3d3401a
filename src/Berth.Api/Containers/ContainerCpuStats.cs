using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerCpuStats
{
    [JsonPropertyName("cpu_usage")]
    public ContainerCpuUsage? CpuUsage { get; init; }

    /// <summary>Of the whole host, nanoseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("system_cpu_usage")]
    public ulong SystemCpuUsage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("online_cpus")]
    public uint OnlineCpus { get; init; }

    [JsonPropertyName("throttling_data")]
    public ContainerThrottlingData? ThrottlingData { get; init; }
}
