using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>What rtnetlink lists of the socket's namespace.</summary>
public static class RouteTables
{
    /// <summary>All interfaces; with <paramref name="master"/> only the ports of that bridge.</summary>
    public static List<Link> Links(this NetlinkSocket socket, int master = 0) => socket.Dump(
        () =>
        {
            NetlinkBatch batch = new NetlinkBatch().Begin(RTM_GETLINK, NLM_F_DUMP, "RTM_GETLINK").Put(default(ifinfomsg));
            batch.Attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
            return master == 0 ? batch : batch.Attribute(IFLA_MASTER, (uint)master);
        },
        Link.Parse);

    /// <summary>One interface by name; null where there is none.</summary>
    public static Link? FindLink(this NetlinkSocket socket, string name) =>
        FindLink(socket, () => new NetlinkBatch().Begin(RTM_GETLINK, NLM_F_ACK, $"RTM_GETLINK {name}").Put(default(ifinfomsg)).Attribute(IFLA_IFNAME, name));

    /// <summary>One interface by index; null where there is none.</summary>
    public static Link? FindLink(this NetlinkSocket socket, int index) =>
        FindLink(socket, () => new NetlinkBatch().Begin(RTM_GETLINK, NLM_F_ACK, $"RTM_GETLINK {index}").Put(new ifinfomsg { ifi_index = index }));

    /// <summary>What went through each interface so far.</summary>
    public static List<LinkStatistics> LinkStatistics(this NetlinkSocket socket) =>
        socket.Dump(static () => new NetlinkBatch().Begin(RTM_GETLINK, NLM_F_DUMP, "RTM_GETLINK").Put(default(ifinfomsg)), Netlink.LinkStatistics.Parse);

    /// <summary>All addresses, IPv4 and IPv6.</summary>
    public static List<LinkAddress> Addresses(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETADDR, NLM_F_DUMP, "RTM_GETADDR").Put(default(ifaddrmsg)), LinkAddress.Parse);

    /// <summary>All routes of all tables, IPv4 and IPv6.</summary>
    public static List<Route> Routes(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETROUTE, NLM_F_DUMP, "RTM_GETROUTE").Put(default(rtmsg)), Route.Parse);

    /// <summary>All routes of one table, IPv4 and IPv6; none where there is no such table.</summary>
    public static List<Route> Routes(this NetlinkSocket socket, int table) => socket.Dump(
        () => new NetlinkBatch().Begin(RTM_GETROUTE, NLM_F_DUMP, $"RTM_GETROUTE table {table}").Put(default(rtmsg)).Attribute(RTA_TABLE, (uint)table),
        message => Route.Parse(message) is Route route && route.Table == table ? route : null);

    /// <summary>The rules that say which table is asked, IPv4's and IPv6's.</summary>
    public static List<PolicyRule> PolicyRules(this NetlinkSocket socket) =>
        socket.Dump(static () => new NetlinkBatch().Begin(RTM_GETRULE, NLM_F_DUMP, "RTM_GETRULE").Put(default(fib_rule_hdr)), PolicyRule.Parse);

    /// <summary>The neighbour table.</summary>
    public static List<Neighbour> Neighbours(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETNEIGH, NLM_F_DUMP, "RTM_GETNEIGH").Put(default(ndmsg)), Neighbour.Parse);

    /// <summary>IPv6 addresses that the host answers for as a proxy, by link.</summary>
    public static List<Neighbour> Proxies(this NetlinkSocket socket) => socket.Dump(
        static () => new NetlinkBatch().Begin(RTM_GETNEIGH, NLM_F_DUMP, "RTM_GETNEIGH proxy").Put(new ndmsg { ndm_family = AF_INET6, ndm_flags = NTF_PROXY }), Neighbour.Parse);

    private static Link? FindLink(NetlinkSocket socket, Func<NetlinkBatch> question)
    {
        try
        {
            return socket.Dump(question, Link.Parse) is [Link link] ? link : null;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
