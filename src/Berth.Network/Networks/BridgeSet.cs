using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Sandboxes;

namespace Berth.Network.Networks;

/// <summary>The bridges this daemon keeps on the host. Used on the network thread only.</summary>
/// <param name="host">The host.</param>
/// <param name="linksOf">The links that are ports of a bridge, by its name.</param>
/// <param name="log">For what nobody waits for.</param>
internal sealed class BridgeSet(HostSockets host, Func<string, IReadOnlyCollection<string>> linksOf, Action<string> log)
{
    private readonly Dictionary<string, (BridgeShape Shape, int Index)> _bridges = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _bridges.Keys;

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

    /// <summary>A new port, before its other end is up: where the bridge isolates its ports, no packet passes without the firewall.</summary>
    public void Isolate(string bridge, string port)
    {
        if (IsolatesPorts(bridge))
        {
            int index = (host.Routes.FindLink(port) ?? throw new LinuxException("rtnetlink", port, Errno.ENODEV)).Index;
            host.Routes.Execute(new NetlinkBatch().SetBridgePort(index, isolated: true).AcknowledgeLast());
        }
    }

    /// <summary>Makes or corrects a bridge, and keeps it from now on.</summary>
    public Link Ensure(BridgeShape shape, IReadOnlyList<BridgeAddress>? former = null)
    {
        Link bridge = host.Inside(() => HostBridge.Ensure(host.Routes, shape, former));
        _bridges[shape.Name] = (shape, bridge.Index);
        return bridge;
    }

    /// <summary>The bridge's index as it was when it was made; the kernel is not asked, for it answers under the one lock over all networking.</summary>
    public int IndexOf(string name) => _bridges[name].Index;

    /// <summary>Makes a bridge again that somebody removed a moment ago, before its notification is read.</summary>
    public void EnsureAgain(string name) => Ensure(_bridges[name].Shape);

    /// <summary>Takes a bridge away, with the ports that are left on it.</summary>
    public void Remove(string name)
    {
        _bridges.Remove(name);
        if (host.Routes.FindLink(name) is { Kind: "bridge" })
        {
            HostBridge.RemoveLinks(host.Routes, [name]);
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
}
