using System.Net;

using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>A container on a network, as it was found.</summary>
internal sealed record CheckedPlace
{
    public required string Network { get; init; }

    /// <summary>One of <see cref="NetworkDrivers"/>.</summary>
    public string Driver { get; init; } = NetworkDrivers.Bridge;

    public bool Internal { get; init; }

    public bool InterContainer { get; init; } = true;

    public bool EgressLimited { get; init; }

    public bool ResolvesNames { get; init; } = true;

    /// <summary>Of the container on it.</summary>
    public IPAddress? Address { get; init; }

    public IPAddress? Ipv6Address { get; init; }

    /// <summary>Ports that containers of other networks reach at its own address; of the gateway mode "routed".</summary>
    public IReadOnlyList<PublishedPort> Opened { get; init; } = [];

    /// <summary>Containers of other networks reach all of its ports at its own IPv4 address: the gateway mode "nat-unprotected".</summary>
    public bool Unprotected { get; init; }

    /// <summary>The host's own on it; null: it has none.</summary>
    public IPAddress? HostAddress { get; init; }

    /// <summary>What others on it may call the container.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public string Interface { get; init; } = "eth0";

    /// <summary>The host's end of it.</summary>
    public string? HostInterface { get; init; }

    public string? Bridge { get; init; }

    public bool BridgeIsUp { get; init; } = true;

    public PlaceLink Link { get; init; }

    /// <summary>Addresses that the container was given and has not: somebody took them away inside it.</summary>
    public IReadOnlyList<IPAddress> Lost { get; init; } = [];

    /// <summary>"172.18.0.2", or both families' with a blank between.</summary>
    public string Addresses => string.Join(' ', new[] { Address, Ipv6Address }.OfType<IPAddress>());
}
