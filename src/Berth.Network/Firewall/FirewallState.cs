using Berth.Linux.NfTables;
using Berth.Network.Ports;

namespace Berth.Network.Firewall;

/// <summary>All that the firewall depends on.</summary>
internal sealed record FirewallState
{
    public IReadOnlyList<FirewalledNetwork> Networks { get; init; } = [];

    /// <summary>Refused packets are told of: somebody listens.</summary>
    public bool Logs { get; init; } = true;

    public IReadOnlyCollection<PortTranslation> Ports { get; init; } = [];

    /// <summary>Ports of the host that belong to containers, whether they are translated or a monitor listens.</summary>
    public IReadOnlyCollection<(System.Net.Sockets.ProtocolType Protocol, ushort Port)> Held { get; init; } = [];

    /// <summary>Published ports that may be reached at their containers' own addresses.</summary>
    public IReadOnlyCollection<OpenedPort> Opened { get; init; } = [];

    public IReadOnlyCollection<AllowedPair> Pairs { get; init; } = [];

    /// <summary>Addresses that limited networks may reach, with what is left of their lifetimes: bridge and address.</summary>
    public IReadOnlyCollection<NfElement> Allowed4 { get; init; } = [];

    public IReadOnlyCollection<NfElement> Allowed6 { get; init; } = [];
}
