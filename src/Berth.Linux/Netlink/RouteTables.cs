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
            return master == 0 ? batch : batch.Attribute(IFLA_MASTER, (uint)master);
        },
        Link.Parse);

    /// <summary>One interface by name; null where there is none.</summary>
    public static Link? FindLink(this NetlinkSocket socket, string name) => socket.Links().Find(link => link.Name == name);

    /// <summary>All addresses, IPv4 and IPv6.</summary>
    public static List<LinkAddress> Addresses(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETADDR, NLM_F_DUMP, "RTM_GETADDR").Put(default(ifaddrmsg)), LinkAddress.Parse);

    /// <summary>All routes of all tables, IPv4 and IPv6.</summary>
    public static List<Route> Routes(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETROUTE, NLM_F_DUMP, "RTM_GETROUTE").Put(default(rtmsg)), Route.Parse);

    /// <summary>The neighbour table.</summary>
    public static List<Neighbour> Neighbours(this NetlinkSocket socket) =>
        socket.Dump(() => new NetlinkBatch().Begin(RTM_GETNEIGH, NLM_F_DUMP, "RTM_GETNEIGH").Put(default(ndmsg)), Neighbour.Parse);
}
