using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Packets;

/// <summary>
/// Tells the neighbours on a link which hardware address an IP address has from now on, so that those who remember another one do not talk
/// into the void until they doubt it: an ARP announcement (RFC 5227) or an unsolicited neighbour advertisement (RFC 4861, 7.2.6).
/// It is sent as a frame: the kernel's own (arp_notify, ndisc_notify) speaks only when a link comes up, of the addresses it has then, and takes
/// a write below /proc/sys of the namespace before.
/// </summary>
public static unsafe class AddressAnnouncement
{
    private const int EthernetHeader = 14, Ipv6Header = 40;
    private const byte Icmpv6 = 58, NeighbourAdvertisement = 136, TargetLinkLayerAddress = 2, Override = 0x20;

    /// <summary>Sends it on a link of the calling thread's network namespace. The link must be up.</summary>
    public static void Send(int linkIndex, ReadOnlySpan<byte> hardware, IPAddress address)
    {
        byte[] frame = Frame(hardware, address);
        int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); // protocol 0: it receives nothing
        using FileDescriptor descriptor = fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("socket", "AF_PACKET");
        var link = new sockaddr_ll { sll_family = AF_PACKET, sll_ifindex = linkIndex };
        if (bind(descriptor.Number, &link, (uint)sizeof(sockaddr_ll)) < 0)
        {
            throw LinuxException.Last("bind AF_PACKET", $"link {linkIndex}");
        }

        fixed (byte* bytes = frame)
        {
            if (send(descriptor.Number, bytes, frame.Length, 0) < 0)
            {
                throw LinuxException.Last("send AF_PACKET", $"announcement of {address} on link {linkIndex}");
            }
        }
    }

    /// <summary>The Ethernet frame.</summary>
    internal static byte[] Frame(ReadOnlySpan<byte> hardware, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? ArpFrame(hardware, address.GetAddressBytes()) : AdvertisementFrame(hardware, address.GetAddressBytes());

    private static byte[] ArpFrame(ReadOnlySpan<byte> hardware, byte[] address) =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. hardware, 0x08, 0x06, // to all, ARP
        0, 1, 0x08, 0, 6, 4, 0, 1, // Ethernet, IPv4, lengths, request
        .. hardware, .. address,
        0, 0, 0, 0, 0, 0, .. address,
    ];

    private static byte[] AdvertisementFrame(ReadOnlySpan<byte> hardware, byte[] address)
    {
        byte[] all = [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        byte[] message =
        [
            NeighbourAdvertisement, 0, 0, 0, Override, 0, 0, 0,
            .. address,
            TargetLinkLayerAddress, 1, .. hardware, // in units of 8 bytes
        ];
        byte[] frame =
        [
            0x33, 0x33, 0, 0, 0, 1, .. hardware, 0x86, 0xDD, // to all nodes (RFC 2464, 7), IPv6
            0x60, 0, 0, 0, 0, (byte)message.Length, Icmpv6, 255, // a hop limit of less is not believed
            .. address, .. all,
            .. message,
        ];
        // RFC 4443, 2.3: over the addresses, the length, the protocol and the message.
        uint sum = (uint)message.Length + Icmpv6;
        for (int i = EthernetHeader + 8; i < frame.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EthernetHeader + Ipv6Header + 2), (ushort)~sum);
        return frame;
    }
}
