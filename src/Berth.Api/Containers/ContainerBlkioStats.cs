using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>cgroup v2 has the first alone; the others are null there.</summary>
public sealed record ContainerBlkioStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoServiceBytesRecursive { get; init; }

    [JsonPropertyName("io_serviced_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoServicedRecursive { get; init; }

    [JsonPropertyName("io_queue_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoQueueRecursive { get; init; }

    [JsonPropertyName("io_service_time_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoServiceTimeRecursive { get; init; }

    [JsonPropertyName("io_wait_time_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoWaitTimeRecursive { get; init; }

    [JsonPropertyName("io_merged_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoMergedRecursive { get; init; }

    [JsonPropertyName("io_time_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? IoTimeRecursive { get; init; }

    [JsonPropertyName("sectors_recursive")]
    public IReadOnlyList<ContainerBlkioStatEntry>? SectorsRecursive { get; init; }
}
