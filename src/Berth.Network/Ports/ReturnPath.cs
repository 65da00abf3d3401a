using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;

namespace Berth.Network.Ports;

/// <summary>
/// The way back of connections that monitors make under their clients' own addresses (policy "host"): what a container answers is marked by the
/// firewall where a socket of this host waits for it, and a routing rule delivers what is marked here instead of sending it on to the client.
/// Documentation/networking/tproxy.rst. Idempotent; used on the network thread only.
/// </summary>
internal static class ReturnPath
{
    private const uint Family = 0x62720000; // "br": daemons beside each other differ in the low half
    private const int Priority = 100; // behind the host's own addresses (0) and before its routes (32766): ip-rule(8)

    /// <summary>Mark and routing table of a daemon.</summary>
    public static uint MarkOf(string defaultBridge) => Family | (defaultBridge.Aggregate(5381u, static (hash, c) => (hash * 33) ^ c) & 0xFFFF);

    public static void Ensure(NetlinkSocket routes, string defaultBridge)
    {
        uint mark = MarkOf(defaultBridge);
        List<PolicyRule> standing = routes.PolicyRules();
        int loopback = routes.FindLink("lo")!.Index;
        foreach (bool ipv6 in (bool[])[false, true])
        {
            var batch = new NetlinkBatch();
            if (!standing.Any(r => r.Ipv6 == ipv6 && r.Mark == mark))
            {
                batch.AddRule(Rule(ipv6, mark));
            }

            batch.AddRoute(RouteOf(ipv6, mark, loopback));
            try
            {
                routes.Execute(batch.AcknowledgeLast());
            }
            catch (Linux.LinuxException e) when (ipv6 && e.Errno is Linux.Errno.EAFNOSUPPORT or Linux.Errno.EOPNOTSUPP)
            {
                // A kernel without IPv6.
            }
        }
    }

    /// <summary>Rules and routes stand, of each family that the host speaks: it has the kernel's own rules of it.</summary>
    public static bool Stands(NetlinkSocket routes, string defaultBridge)
    {
        uint mark = MarkOf(defaultBridge);
        List<PolicyRule> rules = routes.PolicyRules();
        List<Route> standing = routes.Routes((int)mark);
        return rules.Select(r => r.Ipv6).Distinct().All(ipv6 => rules.Any(r => r.Ipv6 == ipv6 && r.Mark == mark)
            && standing.Any(r => r.Destination?.AddressFamily == (ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)));
    }

    public static void Remove(NetlinkSocket routes, string defaultBridge)
    {
        uint mark = MarkOf(defaultBridge);
        int loopback = routes.FindLink("lo")!.Index;
        foreach (PolicyRule rule in routes.PolicyRules().Where(r => r.Mark == mark))
        {
            routes.Execute(new NetlinkBatch().DeleteRule(rule).DeleteRoute(RouteOf(rule.Ipv6, mark, loopback)).AcknowledgeLast());
        }
    }

    private static PolicyRule Rule(bool ipv6, uint mark) => new(ipv6, Priority, (int)mark, mark, uint.MaxValue);

    private static Route RouteOf(bool ipv6, uint mark, int loopback) =>
        new(ipv6 ? IPAddress.IPv6Any : IPAddress.Any, 0, null, loopback, (int)mark, RouteType.Local);
}
