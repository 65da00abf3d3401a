using System.Net;

namespace Berth.Network;

/// <summary>What a container's own settings say about names.</summary>
public sealed record DnsSettings
{
    /// <summary>For messages.</summary>
    public required string ContainerName { get; init; }

    /// <summary>Servers for names of the outside, in order: --dns, or the host's.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>ndots above 0 (--dns-option): names without a dot are not asked for outside.</summary>
    public bool KeepsSingleLabels { get; init; }

    /// <summary>Names that only this container has for others (--link), by the network's id: alias to name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Links { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
