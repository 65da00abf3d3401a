namespace Berth.Api;

public sealed record ClusterVolumeSpecAccessModeCapacityRange
{
    public long? RequiredBytes { get; init; }

    public long? LimitBytes { get; init; }
}
