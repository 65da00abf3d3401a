using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record SwarmInfo
{
    public string? NodeID { get; init; }

    public string? NodeAddr { get; init; }

    public string? LocalNodeState { get; init; }

    public bool? ControlAvailable { get; init; }

    public string? Error { get; init; }

    public IReadOnlyList<PeerNode>? RemoteManagers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Nodes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Managers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterInfo? Cluster { get; init; }
}
