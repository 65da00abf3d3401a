using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>
/// Takes away what daemons of this data root left under former names of the default bridge: the link, tables, exceptions in others' chains, the way back of published
/// ports. While containers live on such a bridge all of it stays: the table guards them and the host. Used on the network thread only.
/// </summary>
internal static class FormerBridges
{
    /// <param name="host">The host.</param>
    /// <param name="bridges">Which.</param>
    /// <param name="owned">The links that endpoints have.</param>
    /// <param name="log">For what nobody waits for.</param>
    /// <returns>Those that have to stay for now.</returns>
    public static IReadOnlyList<FormerBridge> Remove(HostSockets host, IReadOnlyList<FormerBridge> bridges, IReadOnlySet<string> owned, Action<string> log)
    {
        var staying = new List<FormerBridge>();
        foreach (FormerBridge bridge in bridges)
        {
            try
            {
                using BridgeClaim? claim = host.Inside(() => TryClaim(bridge.Name));
                if (claim is not null && !Remove(host, bridge, owned))
                {
                    staying.Add(bridge);
                    log($"containers run on {bridge.Name}, the default bridge's former name, so it and its rules stay; they go with the first start of berthd without any");
                }
            }
            catch (LinuxException e)
            {
                staying.Add(bridge);
                log($"what is left of {bridge.Name}, the default bridge's former name, could not be taken away: {e.Message}");
            }
        }

        return staying;
    }

    // Null: another daemon has a bridge of that name, and it is none of our business any more.
    private static BridgeClaim? TryClaim(string name)
    {
        try
        {
            return BridgeClaim.Of(name);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.Conflict)
        {
            return null;
        }
    }

    private static bool Remove(HostSockets host, FormerBridge former, IReadOnlySet<string> owned)
    {
        if (host.Routes.FindLink(former.Name) is { Kind: "bridge" } link)
        {
            List<Link> ports = host.Routes.Links(link.Index);
            if (former.IsOccupied(ports, owned))
            {
                return false;
            }

            HostBridge.RemoveLinks(host.Routes, [.. ports.Where(p => p.Kind == "veth" && LinkName.IsOurs(p.Name)).Select(p => p.Name)]);

            BridgeSet.Withdraw(host, new BridgeShape(former.Name, [.. former.Addresses.Select(Parse)], link.Mtu, Ipv6: false, InterContainer: false, former.Found));
        }

        // The guard goes after what it guarded.
        string table = FirewallTable.Name(former.Name);
        foreach (NfFamily family in (NfFamily[])[NfFamily.Inet, NfFamily.Bridge])
        {
            if (host.Firewall.Tables(family).Contains(table))
            {
                new NfTransaction().Delete(family, table).Commit(host.Firewall);
            }
        }

        ForeignForward.Remove(host.Firewall, NfFamily.Ip, former.Name);
        ForeignForward.Remove(host.Firewall, NfFamily.Ip6, former.Name);
        ReturnPath.Remove(host.Routes, former.Name);
        return true;
    }

    private static (System.Net.IPAddress Address, int PrefixLength) Parse(string text)
    {
        string[] parts = text.Split('/');
        return (System.Net.IPAddress.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
