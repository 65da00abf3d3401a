using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Endpoints;
using Berth.Network.Firewall;
using Berth.Network.Firewall.Firewalld;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The host's part of all networks: bridges, firewall, containers' links. Used on the network thread only.</summary>
internal sealed record HostNetworking(
    BridgeSet Bridges, FirewallKeeper Firewall, EndpointLinks Links, PortPublisher Publisher, ParentLinks Parents, LinkRemover Remover, DepartingEndpoints Departing)
{
    /// <summary>The host's part of a daemon's start. Each step may have been done by an earlier daemon, wholly or half.</summary>
    public static HostNetworking Prepare(
        HostSockets host, NetworkThread thread, SandboxPool pool, BridgePlan plan, IReadOnlyList<BridgeAddress>? former, NetworkTable table, List<Endpoint> endpoints,
        NetworkOptions options, FirewalldZones zones)
    {
        Network[] bridged = [.. table.Networks.Where(n => n.Bridge is not null)];
        var firewall = new FirewallKeeper(host.Firewall, options.BridgeName, options.Log, logs: host.Refusals is not null, options.OwnsFirewall, zones);
        firewall.Know(bridged.Select(FirewalledNetwork.Of), endpoints.SelectMany(PortPublisher.Translations), endpoints.SelectMany(e => e.Ports), endpoints.SelectMany(e => PortPublisher.Opened(e, Opens)));
        firewall.RecallAllowed();
        host.Inside(() =>
        {
            HostBridge.EnableForwarding();
            if (bridged.Any(n => n.EnableIpv6))
            {
                HostBridge.EnableIpv6Forwarding();
            }
        });

        // The rules come first: from its first moment no packet passes a bridge without them.
        HashSet<string> standing = [.. host.Routes.Links().Select(l => l.Name)];
        firewall.Guard.Know(endpoints.Where(e => ContainerPorts.KeepsApart(table, e)).Select(PortPlace.Of).OfType<PortPlace>().Where(p => standing.Contains(p.Port)));
        firewall.WriteAll();
        var bridges = new BridgeSet(host, bridge => bridge == plan.Name ? pool.LinkNames() : table.LinksOf(bridge), firewall.Guard, options.Log);
        var maker = new SandboxMaker(host, plan, bridges);
        var ports = Ports(host, maker.EnsureBridge(former));
        foreach (Network network in bridged.Where(n => n.Bridge != plan.Name))
        {
            ports.UnionWith(TryRaise(host, bridges, network, options.Log));
        }

        var parents = new ParentLinks(host);
        foreach (Network network in table.Networks.Where(n => n.MadeLink is not null))
        {
            TryEnsure(parents, network, options.Log);
        }

        ReturnPorts(host, bridges, table, plan, endpoints);
        HashSet<string> owned = [.. endpoints.Select(endpoint => endpoint.HostInterface ?? "")];
        HostBridge.RemoveLinks(host.Routes, [.. ports.Except(owned)]);
        string defaultId = bridged.Single(n => n.Bridge == plan.Name).Id;
        var publisher = new PortPublisher(firewall, options.BridgeName, Opens, options.ContainerName);
        foreach (Endpoint endpoint in endpoints)
        {
            publisher.Adopt(endpoint);
            table.Add(endpoint, adopted: endpoint.NetworkId != defaultId);
            if (endpoint.NetworkId == defaultId)
            {
                pool.Adopt(endpoint.HostInterface!, endpoint.Address!, endpoint.Ipv6Address, ports.Contains(endpoint.HostInterface!));
            }
        }

        publisher.SettleReturnPath(host);
        EgressLog? egress = host.Refusals is { } refusals ? new EgressLog(refusals, table, options.ContainerName, options.Log) : null;
        thread.Serve(pool, maker, plan, bridges, new FirewallWatch(host.FirewallChanges, host.Firewall.Port, firewall, options.Log), new HostWatch(host.Losses, new HostRepair(host, bridges, publisher), options.Log), egress);
        var departing = new DepartingEndpoints(table, host.Remover, options.Log);
        return new HostNetworking(bridges, firewall, new EndpointLinks(host, bridges, parents, departing), publisher, parents, host.Remover, departing);

        bool Opens(string networkId) => table.Find(networkId) is { Bridge: not null } network && BridgeOptions.Parse(network.Options).TrustedInterfaces.Count > 0;
    }

    // One network that cannot be had must not keep the daemon from starting.
    private static HashSet<string> TryRaise(HostSockets host, BridgeSet bridges, Network network, Action<string> log)
    {
        try
        {
            return Ports(host, bridges.Ensure(BridgeShape.Of(network)));
        }
        catch (Exception e) when (e is LinuxException or EngineException)
        {
            log($"network {network.Name} has no bridge: {e.Message}");
            return [];
        }
    }

    // A bridge that somebody removed while no daemon looked is new, and the live containers' links stand alone.
    private static void ReturnPorts(HostSockets host, BridgeSet bridges, NetworkTable table, BridgePlan plan, List<Endpoint> endpoints)
    {
        Dictionary<string, string> homes = endpoints.Where(e => e.HostInterface is not null).ToDictionary(e => e.HostInterface!, e => table.Find(e.NetworkId)?.Bridge ?? plan.Name);
        var batch = new NetlinkBatch();
        foreach (Link link in homes.Count == 0 ? [] : host.Routes.Links().Where(l => l.Master == 0 && homes.ContainsKey(l.Name) && bridges.Knows(homes[l.Name])))
        {
            bridges.Join(batch, link, homes[link.Name]);
        }

        if (!batch.IsEmpty)
        {
            host.Routes.Execute(batch.AcknowledgeLast());
        }
    }

    private static void TryEnsure(ParentLinks parents, Network network, Action<string> log)
    {
        try
        {
            parents.Ensure(network);
        }
        catch (Exception e) when (e is LinuxException or EngineException)
        {
            log($"network {network.Name} has no parent interface: {e.Message}");
        }
    }

    // Pairs only: what else somebody put on the bridge, such as a virtual machine's tap, is theirs and stays.
    private static HashSet<string> Ports(HostSockets host, Link bridge) =>
        [.. host.Routes.Links(bridge.Index).Where(link => link.Kind == "veth" && LinkName.IsOurs(link.Name)).Select(link => link.Name)];
}
