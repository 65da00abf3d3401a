using Berth.Engine.Events;

namespace Berth.Engine.Networks;

/// <summary>Events about networks, with Docker's attributes.</summary>
internal static class NetworkEvents
{
    public static EngineEvent Of(string action, Network.Network network) =>
        new("network", action, network.Id, new Dictionary<string, string> { ["name"] = network.Name, ["type"] = network.Driver });

    /// <summary>connect and disconnect.</summary>
    public static EngineEvent Of(string action, Network.Network network, string container) =>
        new("network", action, network.Id, new Dictionary<string, string> { ["container"] = container, ["name"] = network.Name, ["type"] = network.Driver });
}
