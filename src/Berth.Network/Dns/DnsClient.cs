using System.Net;

using Berth.Network.Dns.Egress;

namespace Berth.Network.Dns;

/// <summary>What one container sees. Immutable: a change (a network connected, a server more) is a new record in its place.</summary>
internal sealed record DnsClient
{
    public required string ContainerId { get; init; }

    /// <summary>For messages.</summary>
    public required string ContainerName { get; init; }

    /// <summary>The user-defined networks it is on, the one to be asked first first.</summary>
    public IReadOnlyList<DnsNetwork> Networks { get; init; } = [];

    /// <summary>Servers for all other names, in order; the first three are asked, as with Docker.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>False: it is on internal networks only, and names from outside fail (SERVFAIL, as with Docker).</summary>
    public bool Forwards { get; init; } = true;

    /// <summary>
    /// The user set ndots above 0 (--dns-option): names without a dot are not forwarded but answered with nothing, so that the container's
    /// resolver goes on with its search domains, as with Docker.
    /// </summary>
    public bool KeepsSingleLabels { get; init; }

    /// <summary>The outbound allow list; null: every name is allowed.</summary>
    public EgressRule? Egress { get; init; }
}
