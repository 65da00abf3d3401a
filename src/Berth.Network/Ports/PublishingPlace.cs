using System.Net;

namespace Berth.Network.Ports;

/// <summary>Where ports of a container on a network are published.</summary>
/// <param name="DefaultAddress">Of the host, for requests that name none; null: every one.</param>
/// <param name="Routed">Families whose ports are opened at the container's own address.</param>
internal readonly record struct PublishingPlace(IPAddress? DefaultAddress, RoutedFamilies Routed);
