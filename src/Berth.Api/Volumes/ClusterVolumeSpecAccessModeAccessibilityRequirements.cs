namespace Berth.Api;

public sealed record ClusterVolumeSpecAccessModeAccessibilityRequirements
{
    public IReadOnlyList<Topology>? Requisite { get; init; }

    public IReadOnlyList<Topology>? Preferred { get; init; }
}
