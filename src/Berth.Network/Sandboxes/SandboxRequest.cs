namespace Berth.Network;

/// <summary>What kind of network namespace a container wants.</summary>
public sealed record SandboxRequest
{
    /// <summary>
    /// Its places, in the order of its interfaces; none for loopback alone. "host" and "container:ID" need no sandbox: the engine passes the
    /// namespace itself.
    /// </summary>
    public required IReadOnlyList<EndpointRequest> Endpoints { get; init; }

    /// <summary>Ports of the host that are to lead to it, by way of the endpoint that leads out.</summary>
    public IReadOnlyList<PortRequest> Ports { get; init; } = [];

    /// <summary>Those ports pass the host's own input rules: the policy "host".</summary>
    public bool ThroughHost { get; init; }

    /// <summary>How names are answered to it; null: the embedded server is not wanted.</summary>
    public DnsSettings? Dns { get; init; }
}
