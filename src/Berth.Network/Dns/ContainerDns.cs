using System.Collections.Concurrent;
using System.Net.Sockets;

using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Names;
using Berth.Network.Dns.Serving;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;

namespace Berth.Network.Dns;

/// <summary>
/// Keeps the embedded DNS in step with who is on which network. What is done for one container is asked for one after the other; different ones
/// do not wait for each other.
/// </summary>
internal sealed class ContainerDns : IAsyncDisposable
{
    // A client may use what it was told a little longer than it should; a firewall that is exact to the second would cut it off.
    private static readonly TimeSpan ShortestGrant = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, NetworkNames> _names = new(StringComparer.Ordinal); // by network
    private readonly ConcurrentDictionary<string, (ServedClient Served, DnsSettings Settings)> _served = new(StringComparer.Ordinal); // by container
    private readonly NetworkTable _table;
    private readonly NetworkThread _thread;
    private readonly FirewallKeeper _firewall;
    private readonly DnsServer _server;
    private readonly Action<string> _log;

    public ContainerDns(NetworkOptions options, NetworkTable table, NetworkThread thread, FirewallKeeper firewall)
    {
        (_table, _thread, _firewall, _log) = (table, thread, firewall, options.Log);
        bool home = options.HostNamespace is null; // then every thread but the network thread is in the host's namespace
        _server = new DnsServer(
            async (family, protocol, _) => home ? Open(family, protocol) : await thread.RunAsync(host => host.Inside(() => Open(family, protocol))),
            new DnsLimits(),
            options.Log);
    }

    /// <summary>An endpoint's names can be asked for.</summary>
    public void Announce(Network network, Endpoint endpoint)
    {
        if (network.ResolvesNames)
        {
            _names.GetOrAdd(network.Id, _ => new NetworkNames(network.Name)).Add(new EndpointNames(endpoint.Id, endpoint.Address, endpoint.Ipv6Address, endpoint.Names));
        }
    }

    public void Withdraw(Endpoint endpoint) => _names.GetValueOrDefault(endpoint.NetworkId)?.Remove(endpoint.Id);

    /// <summary>The network is gone.</summary>
    public void Forget(Network network) => _names.TryRemove(network.Id, out _);

    /// <summary>Begins to serve a container, at sockets in its namespace.</summary>
    public void Serve(string containerId, ResolverSockets sockets, DnsSettings settings) =>
        _served[containerId] = (_server.Serve(sockets.Udp, sockets.Tcp, ClientOf(containerId, settings)), settings);

    public bool IsServed(string containerId) => _served.ContainsKey(containerId);

    /// <summary>The container's networks, or its settings, have changed.</summary>
    public void Refresh(string containerId, DnsSettings? settings = null)
    {
        if (_served.TryGetValue(containerId, out (ServedClient Served, DnsSettings Settings) found))
        {
            DnsSettings current = settings ?? found.Settings;
            _served[containerId] = (found.Served, current);
            found.Served.Client = ClientOf(containerId, current);
        }
    }

    /// <summary>The container has ended.</summary>
    public async Task StopAsync(string containerId)
    {
        if (_served.TryRemove(containerId, out (ServedClient Served, DnsSettings Settings) found))
        {
            await found.Served.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_served.Keys.ToList().Select(StopAsync));

    private static Socket Open(AddressFamily family, ProtocolType protocol) => new(family, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);

    private DnsClient ClientOf(string containerId, DnsSettings settings)
    {
        IReadOnlyList<Endpoint> endpoints = _table.OfContainer(containerId);
        List<Network> networks = [.. endpoints.Select(e => _table.Find(e.NetworkId)).OfType<Network>()];
        return new DnsClient
        {
            ContainerId = containerId,
            ContainerName = settings.ContainerName,
            Networks = [.. networks.Where(n => n.ResolvesNames).Select(n => new DnsNetwork(_names.GetOrAdd(n.Id, _ => new NetworkNames(n.Name)), settings.Links.GetValueOrDefault(n.Id)))],
            Upstreams = settings.Upstreams,
            Forwards = networks.Any(n => !n.Internal),
            KeepsSingleLabels = settings.KeepsSingleLabels,
            Egress = EgressOf(ContainerPorts.Leading(_table, endpoints) is { } leading ? _table.Find(leading.NetworkId) : null),
        };
    }

    private EgressRule? EgressOf(Network? network)
    {
        if (network is not { Bridge: { } bridge, IsPredefined: false } || BridgeOptions.Parse(network.Options).EgressAllow is not { } list)
        {
            return null;
        }

        return new EgressRule(
            EgressPolicy.Parse(list),
            async (grant, cancel) => await _thread.RunAsync(_ => _firewall.Allow(bridge, [.. grant.Addresses.Select(a => (a.Address, a.Lifetime > ShortestGrant ? a.Lifetime : ShortestGrant))])).WaitAsync(cancel),
            refusal => _log($"network {network.Name}: container {refusal.ContainerName} asked for {refusal.Name}, which is not on the network's allow list"));
    }
}
