using System.Text.Json;

namespace Berth.Api;

public sealed record ClusterVolumeSpecAccessMode
{
    public string? Scope { get; init; }

    public string? Sharing { get; init; }

    public JsonElement? MountVolume { get; init; }

    public IReadOnlyList<ClusterVolumeSpecAccessModeSecret>? Secrets { get; init; }

    public ClusterVolumeSpecAccessModeAccessibilityRequirements? AccessibilityRequirements { get; init; }

    public ClusterVolumeSpecAccessModeCapacityRange? CapacityRange { get; init; }

    public string? Availability { get; init; }
}
