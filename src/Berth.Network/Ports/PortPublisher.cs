using System.Net.Sockets;

using Berth.Linux.Conntrack;
using Berth.Linux.Files;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;
using Berth.Network.Sandboxes;

namespace Berth.Network.Ports;

/// <summary>Published ports on the host: who has which, sockets that take them, translations. Used on the network thread only.</summary>
internal sealed class PortPublisher
{
    private readonly FirewallKeeper _firewall;
    private readonly PortBook _book = new();
    private readonly PortReservation _reservation;
    private readonly string _defaultBridge;
    private readonly Func<string, bool> _opens;
    private readonly HashSet<string> _throughHost = []; // endpoints

    /// <param name="firewall">Where translations go.</param>
    /// <param name="defaultBridge">The daemon's.</param>
    /// <param name="opens">Whether a network lets somebody in to published ports at containers' own addresses, by its id.</param>
    /// <param name="containerName">By id, for messages.</param>
    public PortPublisher(FirewallKeeper firewall, string defaultBridge, Func<string, bool> opens, Func<string, string?> containerName)
    {
        (_firewall, _defaultBridge, _opens) = (firewall, defaultBridge, opens);
        _reservation = new PortReservation(port => _book.HolderOf(port) is { } id ? containerName(id) ?? id : null);
    }

    /// <summary>Ports that an earlier daemon gave; their sockets are with the monitors, their translations in the firewall's state.</summary>
    public void Adopt(Endpoint endpoint)
    {
        _book.Add(endpoint.ContainerId, endpoint.Ports);
        if (Passes(endpoint))
        {
            _throughHost.Add(endpoint.Id);
        }
    }

    /// <summary>Once after all were adopted: the way back stands where one needs it, and only there.</summary>
    public void SettleReturnPath(HostSockets host)
    {
        if (_throughHost.Count > 0)
        {
            ReturnPath.Ensure(host.Routes, _defaultBridge);
        }
        else
        {
            ReturnPath.Remove(host.Routes, _defaultBridge);
        }
    }

    /// <summary>The routing table of the way back.</summary>
    public int ReturnTable => (int)ReturnPath.MarkOf(_defaultBridge);

    /// <summary>Puts the way back in place again where somebody took it away.</summary>
    /// <returns>It was needed and did not stand.</returns>
    public bool RestoreReturnPath(HostSockets host)
    {
        if (_throughHost.Count == 0 || ReturnPath.Stands(host.Routes, _defaultBridge))
        {
            return false;
        }

        ReturnPath.Ensure(host.Routes, _defaultBridge);
        return true;
    }

    /// <summary>Takes ports for a container: all or none.</summary>
    /// <exception cref="Storage.EngineException">Conflict: one is taken, and by whom.</exception>
    public List<(PublishedPort Port, FileDescriptor? Socket)> Reserve(HostSockets host, string containerId, IReadOnlyList<PortRequest> requests, PublishingPlace place)
    {
        List<(PublishedPort Port, FileDescriptor? Socket)> taken = host.Inside(() => _reservation.Take(requests, place));
        _book.Add(containerId, taken.Select(t => t.Port));
        return taken;
    }

    /// <summary>Gives ports back that were reserved and never led anywhere.</summary>
    public void Release(string containerId, IEnumerable<PublishedPort> ports) => _book.Remove(containerId, ports);

    /// <summary>Changes what the kernel does for ports from what endpoints had to what they have. Ports they have no longer are free.</summary>
    public void Translate(HostSockets host, IReadOnlyCollection<Endpoint> before, IReadOnlyCollection<Endpoint> after)
    {
        PortTranslation[] going = [.. before.SelectMany(Translations)], coming = [.. after.SelectMany(Translations)];
        PortTranslation[] changed = [.. going.Except(coming), .. coming.Except(going)];
        bool passed = _throughHost.Count > 0;
        _throughHost.ExceptWith(before.Where(Passes).Select(e => e.Id));
        _throughHost.UnionWith(after.Where(Passes).Select(e => e.Id));
        if (passed != _throughHost.Count > 0 || after.Any(Passes))
        {
            SettleReturnPath(host);
        }

        GiveBack(before, after);
        IEnumerable<PublishedPort> had = before.SelectMany(e => e.Ports);
        _firewall.Change(going, coming, [.. had.Where(p => p.OnHost).Select(Held).Where(h => !_book.IsHeld(h))], [.. after.SelectMany(e => e.Ports).Where(p => p.OnHost).Select(Held)]);
        OpenedPort[] opened = [.. before.SelectMany(e => Opened(e, _opens))], open = [.. after.SelectMany(e => Opened(e, _opens))];
        _firewall.Change(opened, open);
        TurnBack(host, after.Where(e => Translations(e).Any() && !before.Any(b => b.Id == e.Id && Translations(b).Any())));

        // A rule is asked for a connection's first packet only, and UDP's "connections" live on as long as somebody talks.
        host.Firewall.Forget(
        [
            .. changed.Where(p => p.Protocol == ProtocolType.Udp).Select(Connections),
            .. opened.Except(open).Where(p => p.Protocol == ProtocolType.Udp).Select(Connections),
        ]);
    }

    private static ConnectionFilter Connections(OpenedPort port) => new(port.IsIpv6) { Protocol = ProtocolType.Udp, Destination = port.Address, DestinationPort = port.Number };

    private static ConnectionFilter Connections(PortTranslation port) => new(port.IsIpv6)
    {
        Protocol = ProtocolType.Udp,
        Destination = port.OnEveryAddress ? null : port.HostAddress,
        DestinationPort = port.HostPort,
    };

    /// <summary>
    /// A container that asks for its own port at the host's address: where br_netfilter is on, its packet is translated while it is bridged and goes back
    /// by the bridge's port that it came in by, which a port has to be told to allow (hairpin: should_deliver in net/bridge/br_forward.c).
    /// </summary>
    private static void TurnBack(HostSockets host, IEnumerable<Endpoint> endpoints)
    {
        foreach (Endpoint endpoint in endpoints)
        {
            if (endpoint.HostInterface is { } name && host.Routes.FindLink(name) is { } link)
            {
                host.Routes.Execute(new NetlinkBatch().SetBridgePort(link.Index, hairpin: true).AcknowledgeLast());
            }
        }
    }

    private void GiveBack(IReadOnlyCollection<Endpoint> before, IReadOnlyCollection<Endpoint> after)
    {
        foreach (IGrouping<string, Endpoint> container in before.GroupBy(e => e.ContainerId))
        {
            _book.Remove(container.Key, container.SelectMany(e => e.Ports).Except(after.Where(e => e.ContainerId == container.Key).SelectMany(e => e.Ports)));
        }
    }

    private static (ProtocolType Protocol, ushort Port) Held(PublishedPort port) => (port.Protocol, port.HostPort);

    private static bool Passes(Endpoint endpoint) => endpoint.ThroughHost && endpoint.Ports.Any(p => p.OnHost);

    /// <summary>Which of an endpoint's ports are open at its own address.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="opens">Whether its network lets somebody in to all of them.</param>
    public static IEnumerable<OpenedPort> Opened(Endpoint endpoint, Func<string, bool> opens)
    {
        bool all = endpoint.Ports.Count > 0 && opens(endpoint.NetworkId);
        return endpoint.Ports.Where(p => all || !p.OnHost).Select(p => PortRoute.Opened(p, endpoint)).OfType<OpenedPort>();
    }

    /// <summary>What the firewall has to know of an endpoint's ports.</summary>
    public static IEnumerable<PortTranslation> Translations(Endpoint endpoint) => endpoint.Ports.Select(p => PortRoute.Translation(p, endpoint)).OfType<PortTranslation>();
}
