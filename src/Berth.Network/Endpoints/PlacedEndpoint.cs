using Berth.Network.Sandboxes;

namespace Berth.Network.Endpoints;

/// <summary>A place that a container has been given, and whose interface has still to be made.</summary>
/// <param name="Network">Where.</param>
/// <param name="Endpoint">Its addresses and its interface's name.</param>
/// <param name="OnBridge">What it has of the default bridge; null: it is on another network.</param>
internal sealed record PlacedEndpoint(Network Network, Endpoint Endpoint, BridgePlace? OnBridge);
