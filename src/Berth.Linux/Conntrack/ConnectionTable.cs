using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Conntrack;

/// <summary>
/// The kernel's table of connections in the socket's namespace (NETLINK_NETFILTER, ctnetlink). A rule that translates is asked for a
/// connection's first packet only, so one that is known goes on to the old place after the rules have changed, UDP as long as it talks.
/// </summary>
public static class ConnectionTable
{
    private const int MessagesPerBatch = 500;

    /// <summary>What matches. Kernels from 5.8 leave out the rest themselves.</summary>
    public static List<Connection> Connections(this NetlinkSocket socket, ConnectionFilter filter) =>
        socket.Dump(() => Question(filter), message => Connection.Parse(message) is Connection connection && filter.Matches(connection) ? connection : null);

    /// <summary>Forgets what matches; its next packet counts as the first of a new connection.</summary>
    /// <returns>How many there were.</returns>
    /// <remarks>Entry by entry: told to delete by filter, kernels before 6.8 would empty the whole table.</remarks>
    public static int Forget(this NetlinkSocket socket, ConnectionFilter filter) => Forget(socket, socket.Connections(filter), filter.Ipv6);

    /// <summary>
    /// Forgets what matches one of several, in one walk for each family: the kernel has one table for all namespaces and goes through the whole of it
    /// for every question (ctnetlink_dump_table). Both families in one it would answer with everything, since it compares nothing then
    /// (EOPNOTSUPP of ctnetlink_parse_tuple_filter; both net/netfilter/nf_conntrack_netlink.c).
    /// </summary>
    /// <returns>How many there were.</returns>
    public static int Forget(this NetlinkSocket socket, IReadOnlyCollection<ConnectionFilter> filters) =>
        filters.GroupBy(f => f.Ipv6).Sum(family => socket.ForgetSome([.. family]));

    private static int ForgetSome(this NetlinkSocket socket, ConnectionFilter[] filters)
    {
        // By their ports, which is what many at once differ in: not every one is compared with every connection.
        ILookup<ushort?, ConnectionFilter> byPort = filters.ToLookup(f => f.DestinationPort);
        bool Fits(Connection connection) => byPort[connection.Original.DestinationPort].Any(f => f.Matches(connection))
            || byPort[connection.Reply.DestinationPort].Any(f => f.Matches(connection)) || byPort[null].Any(f => f.Matches(connection));
        return Forget(socket, [.. socket.Connections(ConnectionFilter.Common(filters)).Where(Fits)], filters[0].Ipv6);
    }

    /// <summary>Forgets every connection that an address takes part in: as sender or receiver, before or after translation.</summary>
    public static int ForgetAddress(this NetlinkSocket socket, IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            List<Connection> connections = socket.Dump(
                () => Question(new ConnectionFilter(Ipv6: true)),
                message => Connection.Parse(message) is Connection connection && connection.Has(address) ? connection : null);
            return Forget(socket, connections, ipv6: true);
        }

        // Four questions that the kernel answers in a few bytes, instead of one that it answers with the whole table.
        return socket.Forget(new ConnectionFilter(Ipv6: false) { Source = address })
            + socket.Forget(new ConnectionFilter(Ipv6: false) { Destination = address })
            + socket.Forget(new ConnectionFilter(Ipv6: false) { Source = address, Reply = true })
            + socket.Forget(new ConnectionFilter(Ipv6: false) { Destination = address, Reply = true });
    }

    private static int Forget(NetlinkSocket socket, List<Connection> connections, bool ipv6)
    {
        foreach (Connection[] some in connections.Chunk(MessagesPerBatch))
        {
            var batch = new NetlinkBatch();
            foreach (Connection connection in some)
            {
                ConnectionTuple to = connection.Original;
                batch.Begin(Type(IPCTNL_MSG_CT_DELETE), 0, $"IPCTNL_MSG_CT_DELETE {to.Protocol} to {to.Destination} {to.DestinationPort}", tolerated: Errno.ENOENT)
                    .Put(Header(ipv6))
                    .Attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, connection.OriginalBytes)
                    .Attribute(CTA_ID, connection.Id);
            }

            socket.Execute(batch.AcknowledgeLast());
        }

        return connections.Count;
    }

    internal static NetlinkBatch Question(ConnectionFilter filter)
    {
        NetlinkBatch batch = new NetlinkBatch().Begin(Type(IPCTNL_MSG_CT_GET), NLM_F_DUMP, "IPCTNL_MSG_CT_GET").Put(Header(filter.Ipv6));
        // The kernel's comparison of IPv6 addresses is the wrong way round: it leaves out those that match (ctnetlink_filter_match_tuple, 6.18).
        filter = filter.Ipv6 ? filter with { Source = null, Destination = null } : filter;
        uint flags = (filter.Source is null ? 0 : CTF_IP_SRC) | (filter.Destination is null ? 0 : CTF_IP_DST)
            | (filter.Protocol is null ? 0 : CTF_PROTO_NUM) | (filter.DestinationPort is null ? 0 : CTF_PROTO_DST_PORT);
        if (flags == 0)
        {
            return batch;
        }

        return batch
            .Nested(filter.Reply ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG, filter, Tuple)
            .Nested(CTA_FILTER, (flags, filter.Reply), static (b, s) => b
                .Attribute(CTA_FILTER_ORIG_FLAGS, s.Reply ? 0 : s.flags)
                .Attribute(CTA_FILTER_REPLY_FLAGS, s.Reply ? s.flags : 0));
    }

    private static void Tuple(NetlinkBatch batch, ConnectionFilter filter)
    {
        if (filter.Source is not null || filter.Destination is not null)
        {
            batch.Nested(CTA_TUPLE_IP, filter, static (b, filter) =>
            {
                Address(b, filter.Ipv6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, filter.Source);
                Address(b, filter.Ipv6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, filter.Destination);
            });
        }

        if (filter.Protocol is { } protocol)
        {
            batch.Nested(CTA_TUPLE_PROTO, (protocol, filter.DestinationPort), static (b, s) =>
            {
                b.Attribute(CTA_PROTO_NUM, (byte)s.protocol);
                if (s.DestinationPort is { } port)
                {
                    byte[] bytes = new byte[2];
                    BinaryPrimitives.WriteUInt16BigEndian(bytes, port);
                    b.Attribute(CTA_PROTO_DST_PORT, bytes);
                }
            });
        }
    }

    private static void Address(NetlinkBatch batch, ushort type, IPAddress? address)
    {
        if (address is not null)
        {
            batch.Attribute(type, address.GetAddressBytes());
        }
    }

    private static ushort Type(ushort message) => (ushort)(NFNL_SUBSYS_CTNETLINK << 8 | message);

    private static nfgenmsg Header(bool ipv6) => new() { nfgen_family = ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4 };
}
