namespace Berth.Api;

public sealed record SwarmInfo
{
    public string? NodeID { get; init; }

    public string? NodeAddr { get; init; }

    public string? LocalNodeState { get; init; }

    public bool? ControlAvailable { get; init; }

    public string? Error { get; init; }

    public IReadOnlyList<PeerNode>? RemoteManagers { get; init; }

    public long? Nodes { get; init; }

    public long? Managers { get; init; }

    public ClusterInfo? Cluster { get; init; }
}
