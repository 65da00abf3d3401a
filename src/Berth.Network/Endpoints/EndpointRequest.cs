using System.Net;

namespace Berth.Network;

/// <summary>A place on a network as a container wants it.</summary>
public sealed record EndpointRequest
{
    /// <summary>Name or id.</summary>
    public required string Network { get; init; }

    /// <summary>--ip. Null: the next free one.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>--ip6.</summary>
    public IPAddress? Ipv6Address { get; init; }

    /// <summary>--link-local-ip.</summary>
    public IReadOnlyList<IPAddress> LinkLocal { get; init; } = [];

    /// <summary>--mac-address. Null: derived from the address.</summary>
    public MacAddress? MacAddress { get; init; }

    /// <summary>What others may call it on this network.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public int GatewayPriority { get; init; }

    /// <summary>What the interface is to be called, and its kernel settings.</summary>
    public EndpointOptions Options { get; init; } = new();

    /// <summary>On the default bridge: an interface made ahead will do.</summary>
    internal bool IsPlain => LinkLocal.Count == 0 && Options is { Interface: null, Settings.Count: 0 };
}
