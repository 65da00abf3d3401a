using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerMemoryStats
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("usage")]
    public ulong Usage { get; init; }

    /// <summary>cgroup v1 only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("max_usage")]
    public ulong MaxUsage { get; init; }

    /// <summary>Lines of memory.stat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("stats")]
    public IReadOnlyDictionary<string, ulong>? Stats { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("failcnt")]
    public ulong Failcnt { get; init; }

    /// <summary>The host's memory where there is no lower one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }
}
