using System.Net;

using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;
using Berth.Network.Sandboxes;

namespace Berth.Network.Networks;

/// <summary>The bridges this daemon keeps on the host. Used on the network thread only.</summary>
/// <param name="host">The host.</param>
/// <param name="linksOf">The links that are ports of a bridge, by its name.</param>
/// <param name="guard">Binds addresses to ports.</param>
/// <param name="log">For what nobody waits for.</param>
internal sealed class BridgeSet(HostSockets host, Func<string, IReadOnlyCollection<string>> linksOf, SpoofingGuard guard, Action<string> log)
{
    private readonly Dictionary<string, (BridgeShape Shape, int Index)> _bridges = new(StringComparer.Ordinal);

    private readonly NeighbourProxies _proxies = new(host.Routes);

    public IReadOnlyCollection<string> Names => _bridges.Keys;

    public IReadOnlyCollection<BridgeShape> Shapes => [.. _bridges.Values.Select(b => b.Shape)];

    /// <summary>One of them has this index, as far as is known.</summary>
    public bool HasIndex(int index) => _bridges.Values.Any(b => b.Index == index);

    public bool Knows(string name) => _bridges.ContainsKey(name);

    /// <summary>Its ports reach each other by way of the host only, whose firewall decides.</summary>
    public bool IsolatesPorts(string name) => _bridges.TryGetValue(name, out (BridgeShape Shape, int Index) bridge) && !bridge.Shape.InterContainer;

    /// <summary>Makes a link a port of a bridge.</summary>
    public void Join(NetlinkBatch batch, Link link, string bridge)
    {
        batch.SetMaster(link.Index, IndexOf(bridge));
        if (IsolatesPorts(bridge))
        {
            batch.SetBridgePort(link.Index, isolated: true);
        }
    }

    /// <summary>
    /// A new port, before its other end is up: where the bridge isolates its ports, no packet passes without the firewall, and none with another's address.
    /// By the flag and not by rules: what a bridge passes from port to port meets no rule of ours unless br_netfilter is on, which is the host's to say
    /// (bridge(8), isolated).
    /// </summary>
    public void Isolate(string bridge, PortPlace place)
    {
        if (IsolatesPorts(bridge))
        {
            int index = (host.Routes.FindLink(place.Port) ?? throw new LinuxException("rtnetlink", place.Port, Errno.ENODEV)).Index;
            host.Routes.Execute(new NetlinkBatch().SetBridgePort(index, isolated: true).AcknowledgeLast());
            guard.Add(place);
        }
    }

    /// <summary>Ports that are isolated, as far as is known.</summary>
    public IReadOnlyCollection<string> IsolatedPorts => guard.Ports;

    /// <summary>These links are gone.</summary>
    public void Forget(IEnumerable<string> links) => guard.Remove(links);

    /// <summary>Makes or corrects a bridge, and keeps it from now on.</summary>
    public Link Ensure(BridgeShape shape, IReadOnlyList<BridgeAddress>? former = null)
    {
        Link bridge = host.Inside(() => HostBridge.Ensure(host.Routes, shape, former));
        _bridges[shape.Name] = (shape, bridge.Index);
        if (AnswersForPorts(shape))
        {
            _proxies.Settle(shape.Name, bridge.Index, alone: shape.Found is null);
        }

        return bridge;
    }

    /// <summary>
    /// On bridges that isolate their ports the host answers for these IPv6 addresses, in place of those it answered for: what is sent to them passes it. Bridges
    /// without IPv6 are passed over.
    /// </summary>
    public void AnswerFor(IEnumerable<(string Bridge, IPAddress Address)> addresses) =>
        _proxies.Replace(addresses.Where(a => _bridges.TryGetValue(a.Bridge, out (BridgeShape Shape, int Index) bridge) && AnswersForPorts(bridge.Shape)), IndexOf);

    /// <summary>The bridge's index as it was when it was made; the kernel is not asked, for it answers under the one lock over all networking.</summary>
    public int IndexOf(string name) => _bridges[name].Index;

    /// <summary>Makes a bridge again that somebody removed a moment ago, before its notification is read.</summary>
    public void EnsureAgain(string name) => Ensure(_bridges[name].Shape);

    /// <summary>Takes a bridge away, with the ports that are left on it. One that is not ours stays, without the addresses that we gave it.</summary>
    public void Remove(BridgeShape shape)
    {
        _bridges.Remove(shape.Name);
        Withdraw(host, shape);
    }

    /// <summary>The same for one that is not among ours.</summary>
    public static void Withdraw(HostSockets host, BridgeShape shape)
    {
        if (host.Routes.FindLink(shape.Name) is not { Kind: "bridge" } link)
        {
            return;
        }

        if (shape.Found is not { } before)
        {
            HostBridge.RemoveLinks(host.Routes, [shape.Name]);
            return;
        }

        host.Inside(() => HostBridge.Unconfigure(shape));
        List<LinkAddress> present = host.Routes.Addresses();
        var batch = new NetlinkBatch();
        foreach (LinkAddress ours in shape.Addresses.Where(a => !before.Contains(a.Address.ToString())).Select(a => new LinkAddress(link.Index, a.Address, a.PrefixLength)).Where(present.Contains))
        {
            batch.DeleteAddress(ours);
        }

        if (!batch.IsEmpty)
        {
            host.Routes.Execute(batch.AcknowledgeLast());
        }
    }

    /// <summary>Sets up what was set down, and adds addresses and routes that are missing. A bridge that is gone is another matter: <see cref="Restore"/>.</summary>
    /// <param name="restored">What was missing and is there again.</param>
    public void Repair(List<string> restored)
    {
        foreach (BridgeLack lack in Lacks())
        {
            if (lack.OfShape)
            {
                Ensure(lack.Shape);
            }

            // The kernel made them with the addresses, and makes them again with those only.
            var batch = new NetlinkBatch();
            foreach (IPNetwork subnet in lack.Routes)
            {
                batch.AddRoute(new Route(subnet.BaseAddress, subnet.PrefixLength, null, lack.Index));
            }

            if (!batch.IsEmpty)
            {
                host.Routes.Execute(batch.AcknowledgeLast());
            }

            restored.AddRange(lack.Named());
        }
    }

    /// <summary>Somebody removed it: it comes back, and its ports, which the kernel left standing alone, return to it.</summary>
    public void Restore(string name)
    {
        log($"the bridge {name} was removed by somebody; making it again");
        Ensure(_bridges[name].Shape);
        IReadOnlyCollection<string> ours = linksOf(name);
        var batch = new NetlinkBatch();
        foreach (Link link in host.Routes.Links().Where(link => ours.Contains(link.Name)))
        {
            Join(batch, link, name);
        }

        if (!batch.IsEmpty)
        {
            host.Routes.Execute(batch.AcknowledgeLast());
        }
    }

    private static bool AnswersForPorts(BridgeShape shape) => shape is { InterContainer: false, Ipv6: true };

    // In the order that BridgeLack wants.
    private List<BridgeLack> Lacks()
    {
        HashSet<(int Link, IPNetwork Subnet)> routes =
            [.. host.Routes.Routes(Libc.RT_TABLE_MAIN).Where(r => r is { Gateway: null, Destination: not null }).Select(r => (r.LinkIndex, new IPNetwork(r.Destination!, r.PrefixLength)))];
        List<LinkAddress> addresses = host.Routes.Addresses();
        List<BridgeLack> lacks = [];
        foreach (BridgeShape shape in Shapes)
        {
            if (host.Routes.FindLink(shape.Name) is { Kind: "bridge" } link)
            {
                lacks.Add(BridgeLack.Of(shape, routes, addresses, link));
            }
        }

        return lacks;
    }
}
