using System.Buffers.Binary;
using System.Net.Sockets;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Sockets;

/// <summary>What sockets there are in a network namespace. sock_diag(7).</summary>
public static class SocketTable
{
    /// <summary>
    /// The sockets that keep others from a port: those that listen or have bound it (the latter kernels tell from 6.8 on), UDP's all. IPv6's first, as one of
    /// theirs on all addresses mostly has IPv4's too.
    /// </summary>
    /// <param name="socket">A NETLINK_SOCK_DIAG socket of the namespace.</param>
    /// <param name="protocol">TCP, UDP or 132 for SCTP; none are found for a protocol the kernel does not know.</param>
    /// <param name="port">The port.</param>
    public static List<BoundSocket> BoundSockets(this NetlinkSocket socket, ProtocolType protocol, ushort port) =>
        [.. Ask(socket, AF_INET6, protocol, port), .. Ask(socket, AF_INET, protocol, port)];

    private static List<BoundSocket> Ask(NetlinkSocket socket, byte family, ProtocolType protocol, ushort port)
    {
        const uint Every = uint.MaxValue;
        var question = new inet_diag_req_v2
        {
            sdiag_family = family,
            sdiag_protocol = (byte)protocol,
            idiag_states = protocol == ProtocolType.Udp ? Every : 1 << TCP_LISTEN | 1 << TCP_CLOSE | 1 << TCP_BOUND_INACTIVE,
            id = new inet_diag_sockid { idiag_sport = BinaryPrimitives.ReverseEndianness(port) },
        };
        try
        {
            return socket.Dump(
                () => new NetlinkBatch().Begin(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, $"SOCK_DIAG_BY_FAMILY {protocol} {port}").Put(question),
                message => BoundSocket.Parse(message) is BoundSocket found && found.Port == port ? found : null);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return []; // no such protocol in this kernel (inet_diag_lock_handler)
        }
    }
}
