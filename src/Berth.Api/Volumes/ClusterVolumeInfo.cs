namespace Berth.Api;

public sealed record ClusterVolumeInfo
{
    public long? CapacityBytes { get; init; }

    public IReadOnlyDictionary<string, string>? VolumeContext { get; init; }

    public string? VolumeID { get; init; }

    public IReadOnlyList<Topology>? AccessibleTopology { get; init; }
}
