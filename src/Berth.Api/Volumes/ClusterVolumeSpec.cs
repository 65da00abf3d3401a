namespace Berth.Api;

public sealed record ClusterVolumeSpec
{
    public string? Group { get; init; }

    public ClusterVolumeSpecAccessMode? AccessMode { get; init; }
}
