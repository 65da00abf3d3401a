namespace Berth.Network.Endpoints;

/// <summary>What an endpoint's row keeps beside its columns. Rows of older daemons have the first five members only.</summary>
internal sealed record EndpointDocument
{
    public string? Address { get; init; }

    public int PrefixLength { get; init; }

    public string? Gateway { get; init; }

    public string MacAddress { get; init; } = "";

    public string? HostInterface { get; init; }

    public string? Ipv6Address { get; init; }

    public int Ipv6PrefixLength { get; init; }

    public string? Ipv6Gateway { get; init; }

    public IReadOnlyList<string>? LinkLocal { get; init; }

    public string? Interface { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public int GatewayPriority { get; init; }

    /// <summary>"tcp/80/0.0.0.0/8080": protocol, container's port, host's address and port.</summary>
    public IReadOnlyList<string>? Ports { get; init; }

    public bool? ThroughHost { get; init; }
}
