using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Berth.Linux.Packets;

/// <summary>Who sends a packet to whom.</summary>
/// <param name="Protocol">TCP, UDP, ICMP ...; behind IPv6's extension headers.</param>
/// <param name="Source">The sender.</param>
/// <param name="SourcePort">0 where the protocol has none, the packet was cut before it, or it is a fragment but the first.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="DestinationPort">Likewise.</param>
public sealed record PacketHeader(ProtocolType Protocol, IPAddress Source, ushort SourcePort, IPAddress Destination, ushort DestinationPort)
{
    private const int Sctp = 132, UdpLite = 136;

    /// <summary>Reads the start of an IP packet; null for what is none. RFC 791, RFC 8200.</summary>
    public static PacketHeader? Parse(ReadOnlySpan<byte> packet) => packet.IsEmpty ? null : (packet[0] >> 4) switch
    {
        4 => ParseIpv4(packet),
        6 => ParseIpv6(packet),
        _ => null,
    };

    private static PacketHeader? ParseIpv4(ReadOnlySpan<byte> packet)
    {
        int length = (packet[0] & 0xF) * 4;
        if (length < 20 || packet.Length < 20)
        {
            return null;
        }

        bool first = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) == 0; // fragment offset
        return New(packet[9], packet[12..16], packet[16..20], first && packet.Length >= length ? packet[length..] : default);
    }

    private static PacketHeader? ParseIpv6(ReadOnlySpan<byte> packet)
    {
        const byte HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, Destination = 60;
        if (packet.Length < 40)
        {
            return null;
        }

        byte next = packet[6];
        bool first = true;
        ReadOnlySpan<byte> rest = packet[40..];
        while (rest.Length >= 8 && first && next is HopByHop or Routing or Fragment or Authentication or Destination)
        {
            first = next != Fragment || (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xFFF8) == 0;
            int length = next switch
            {
                Fragment => 8,
                Authentication => (rest[1] + 2) * 4, // RFC 4302: words of 32 bits, minus 2
                _ => (rest[1] + 1) * 8,
            };
            next = rest[0];
            rest = rest[Math.Min(length, rest.Length)..];
        }

        return New(next, packet[8..24], packet[24..40], first ? rest : default);
    }

    private static PacketHeader New(byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> transport)
    {
        bool ports = transport.Length >= 4 && (int)protocol is (int)ProtocolType.Tcp or (int)ProtocolType.Udp or Sctp or UdpLite;
        return new PacketHeader(
            (ProtocolType)protocol,
            new IPAddress(source),
            ports ? BinaryPrimitives.ReadUInt16BigEndian(transport) : (ushort)0,
            new IPAddress(destination),
            ports ? BinaryPrimitives.ReadUInt16BigEndian(transport[2..]) : (ushort)0);
    }
}
