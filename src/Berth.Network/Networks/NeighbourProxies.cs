using System.Net;

using Berth.Linux.Netlink;

namespace Berth.Network.Networks;

/// <summary>
/// IPv6 addresses of containers that the host answers for on bridges that isolate their ports: a neighbour's question reaches no isolated port, and the answer
/// sends its packets through the host and its firewall. IPv4 does that for a whole bridge (proxy_arp_pvlan), IPv6 for single addresses only
/// (proxy_ndp in Documentation/networking/ip-sysctl.rst), so they are those that links lead to and from. Used on the network thread only.
/// </summary>
internal sealed class NeighbourProxies(NetlinkSocket routes)
{
    private readonly HashSet<(string Bridge, IPAddress Address)> _standing = [];

    /// <summary>Makes the host answer for these, and for no others.</summary>
    /// <exception cref="Linux.LinuxException">The kernel refused; some may be there.</exception>
    public void Replace(IEnumerable<(string Bridge, IPAddress Address)> addresses, Func<string, int> indexOf)
    {
        HashSet<(string Bridge, IPAddress Address)> wanted = [.. addresses];
        var batch = new NetlinkBatch();
        foreach ((string bridge, IPAddress address) in wanted.Except(_standing).ToList())
        {
            batch.AddProxy(indexOf(bridge), address);
            _standing.Add((bridge, address)); // a failed start takes it away again
        }

        foreach ((string bridge, IPAddress address) gone in _standing.Except(wanted).ToList())
        {
            batch.DeleteProxy(indexOf(gone.bridge), gone.address);
            _standing.Remove(gone);
        }

        Execute(batch);
    }

    /// <summary>A bridge was made or found: it gets its entries, and loses those of an earlier daemon.</summary>
    /// <param name="alone">Nobody else has entries there.</param>
    public void Settle(string bridge, int index, bool alone)
    {
        HashSet<IPAddress> wanted = [.. _standing.Where(s => s.Bridge == bridge).Select(s => s.Address)], found = [.. routes.Proxies().Where(p => p.LinkIndex == index).Select(p => p.Address)];
        var batch = new NetlinkBatch();
        foreach (IPAddress address in wanted.Except(found))
        {
            batch.AddProxy(index, address);
        }

        foreach (IPAddress address in alone ? found.Except(wanted) : [])
        {
            batch.DeleteProxy(index, address);
        }

        Execute(batch);
    }

    private void Execute(NetlinkBatch batch)
    {
        if (!batch.IsEmpty)
        {
            routes.Execute(batch.AcknowledgeLast());
        }
    }
}
