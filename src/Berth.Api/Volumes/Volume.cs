using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record Volume
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedAt { get; init; }

    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? Mountpoint { get; init; }

    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string? Scope { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterVolume? ClusterVolume { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsageData? UsageData { get; init; }
}
