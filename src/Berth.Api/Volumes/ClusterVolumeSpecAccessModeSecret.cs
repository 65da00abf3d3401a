namespace Berth.Api;

public sealed record ClusterVolumeSpecAccessModeSecret
{
    public string? Key { get; init; }

    public string? Secret { get; init; }
}
