using System.Text.Json;

namespace Berth.Api;

public sealed record Volume
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public string? Mountpoint { get; init; }

    public string? CreatedAt { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Status { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? Scope { get; init; }

    public ClusterVolume? ClusterVolume { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public VolumeUsageData? UsageData { get; init; }
}
