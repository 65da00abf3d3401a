namespace Berth.Api;

public sealed record ClusterVolumePublishStatu
{
    public string? NodeID { get; init; }

    public string? State { get; init; }

    public IReadOnlyDictionary<string, string>? PublishContext { get; init; }
}
