using Berth.Engine.Events;

namespace Berth.Engine.Volumes;

/// <summary>Events about volumes.</summary>
internal static class VolumeEvents
{
    public static EngineEvent Of(string action, string volume) => new("volume", action, volume, new Dictionary<string, string> { ["driver"] = "local" });

    public static EngineEvent OfUse(string action, string volume, string container) =>
        new("volume", action, volume, new Dictionary<string, string> { ["container"] = container, ["driver"] = "local" });
}
