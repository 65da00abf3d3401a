namespace Berth.Api;

public sealed record ClusterInfo
{
    public string? ID { get; init; }

    public ObjectVersion? Version { get; init; }

    public string? CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

    public SwarmSpec? Spec { get; init; }

    public TLSInfo? TLSInfo { get; init; }

    public bool? RootRotationInProgress { get; init; }

    public long? DataPathPort { get; init; }

    public IReadOnlyList<string>? DefaultAddrPool { get; init; }

    public long? SubnetSize { get; init; }
}
