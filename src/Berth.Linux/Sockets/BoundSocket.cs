using System.Buffers.Binary;
using System.Net;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Sockets;

/// <summary>A socket that has a port.</summary>
/// <param name="Address">0.0.0.0 or :: for all addresses.</param>
/// <param name="Port">The port.</param>
/// <param name="Inode">What /proc/PID/fd shows for it: "socket:[INODE]".</param>
public sealed record BoundSocket(IPAddress Address, ushort Port, uint Inode)
{
    internal static unsafe BoundSocket? Parse(NetlinkMessage message)
    {
        if (message.Type != SOCK_DIAG_BY_FAMILY || !message.TrySplit(out inet_diag_msg found, out _))
        {
            return null;
        }

        var address = new IPAddress(new ReadOnlySpan<byte>(found.id.idiag_src, found.idiag_family == AF_INET6 ? 16 : 4)); // found lies on the stack
        return new BoundSocket(address, BinaryPrimitives.ReverseEndianness(found.id.idiag_sport), found.idiag_inode);
    }
}
