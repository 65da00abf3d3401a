using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>What objects of one kind take (API 1.52: ImagesDiskUsage and its like).</summary>
public sealed record DiskUsage<T>
{
    /// <summary>Those in use.</summary>
    public long? ActiveCount { get; init; }

    public long? TotalCount { get; init; }

    /// <summary>Bytes that go with those not in use.</summary>
    public long? Reclaimable { get; init; }

    /// <summary>Bytes.</summary>
    public long? TotalSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<T>? Items { get; init; }
}
