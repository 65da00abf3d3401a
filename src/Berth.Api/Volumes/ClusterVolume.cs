namespace Berth.Api;

public sealed record ClusterVolume
{
    public string? ID { get; init; }

    public ObjectVersion? Version { get; init; }

    public string? CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

    public ClusterVolumeSpec? Spec { get; init; }

    public ClusterVolumeInfo? Info { get; init; }

    public IReadOnlyList<ClusterVolumePublishStatu>? PublishStatus { get; init; }
}
