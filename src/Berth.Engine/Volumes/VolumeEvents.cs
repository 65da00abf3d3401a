using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Mounts;

namespace Berth.Engine.Volumes;

/// <summary>Events about volumes.</summary>
internal static class VolumeEvents
{
    public static EngineEvent Of(string action, string volume) => new("volume", action, volume, new Dictionary<string, string> { ["driver"] = "local" });

    /// <summary>A container starts with its volumes.</summary>
    public static IEnumerable<EngineEvent> Mounted(ContainerRecord container) => Volumes(container).Select(m => new EngineEvent("volume", "mount", m.Volume!, new Dictionary<string, string>
    {
        ["container"] = container.Id,
        ["destination"] = m.Destination,
        ["driver"] = "local",
        ["propagation"] = m.Propagation,
        ["read/write"] = m.ReadOnly ? "false" : "true",
    }));

    /// <summary>It ended.</summary>
    public static IEnumerable<EngineEvent> Unmounted(ContainerRecord container) => Volumes(container).Select(m => new EngineEvent(
        "volume", "unmount", m.Volume!, new Dictionary<string, string> { ["container"] = container.Id, ["driver"] = "local" }));

    private static IEnumerable<ContainerMount> Volumes(ContainerRecord container) => container.Document.Mounts.Where(static m => m.Kind == MountKind.Volume);
}
