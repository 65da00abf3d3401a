using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>The local address of a datagram: the one it came to, or is to be sent from. The default leaves the choice to the kernel. IP_PKTINFO, IPV6_PKTINFO.</summary>
/// <param name="Address">Without a port.</param>
/// <param name="Link">Index of the link, which matters for link-local addresses only.</param>
public readonly record struct PacketAddress(InternetAddress Address, uint Link)
{
    // cmsg(3): headers are eight-byte aligned and 16 bytes long on 64-bit kernels.
    private const int HeaderSize = 16;

    internal static unsafe PacketAddress Find(byte* control, nuint length)
    {
        for (nuint at = 0; at + HeaderSize <= length;)
        {
            var header = (Libc.cmsghdr*)(control + at);
            byte* data = control + at + HeaderSize;
            if (header->cmsg_level == Libc.IPPROTO_IP && header->cmsg_type == Libc.IP_PKTINFO)
            {
                var four = (Libc.in_pktinfo*)data;
                return new PacketAddress(InternetAddress.OfFour(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(four->ipi_spec_dst), 0), (uint)four->ipi_ifindex);
            }

            if (header->cmsg_level == Libc.IPPROTO_IPV6 && header->cmsg_type == Libc.IPV6_PKTINFO)
            {
                var six = (Libc.in6_pktinfo*)data;
                return new PacketAddress(InternetAddress.OfSix(new ReadOnlySpan<byte>(six->ipi6_addr, 16), 0, 0), six->ipi6_ifindex);
            }

            at += Math.Max((header->cmsg_len + 7) & ~(nuint)7, HeaderSize);
        }

        return default;
    }

    /// <summary>Writes the control message, and how long it is: 0 for the default.</summary>
    internal unsafe nuint Write(byte* control)
    {
        if (this == default)
        {
            return 0;
        }

        var header = (Libc.cmsghdr*)control;
        if (Address.Family == Libc.AF_INET)
        {
            *header = new Libc.cmsghdr { cmsg_len = (nuint)(HeaderSize + sizeof(Libc.in_pktinfo)), cmsg_level = Libc.IPPROTO_IP, cmsg_type = Libc.IP_PKTINFO };
            *(Libc.in_pktinfo*)(control + HeaderSize) = new Libc.in_pktinfo { ipi_spec_dst = Address.FourBigEndian };
            return HeaderSize + 16; // 12 and padding
        }

        *header = new Libc.cmsghdr { cmsg_len = (nuint)(HeaderSize + sizeof(Libc.in6_pktinfo)), cmsg_level = Libc.IPPROTO_IPV6, cmsg_type = Libc.IPV6_PKTINFO };
        var six = (Libc.in6_pktinfo*)(control + HeaderSize);
        Address.WriteSix(new Span<byte>(six->ipi6_addr, 16));
        six->ipi6_ifindex = Address.IsLinkLocal ? Link : 0;
        return HeaderSize + 24; // 20 and padding
    }
}
