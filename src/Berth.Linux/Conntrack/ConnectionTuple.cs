using System.Net;
using System.Net.Sockets;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Conntrack;

/// <summary>One direction of a connection, as its packets look.</summary>
/// <param name="Protocol">TCP, UDP, ICMP ...</param>
/// <param name="Source">Who sends.</param>
/// <param name="SourcePort">0 where the protocol has none.</param>
/// <param name="Destination">To whom.</param>
/// <param name="DestinationPort">0 where the protocol has none.</param>
public sealed record ConnectionTuple(ProtocolType Protocol, IPAddress Source, ushort SourcePort, IPAddress Destination, ushort DestinationPort)
{
    /// <summary>Null when it has no addresses, or is of another zone than 0.</summary>
    internal static ConnectionTuple? Parse(NetlinkAttributes attributes)
    {
        IPAddress? source = null, destination = null;
        ushort sourcePort = 0, destinationPort = 0;
        ProtocolType protocol = 0;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case CTA_TUPLE_IP: Addresses(attributes.Nested, ref source, ref destination); break;
                case CTA_TUPLE_PROTO: Ports(attributes.Nested, ref protocol, ref sourcePort, ref destinationPort); break;
                case CTA_TUPLE_ZONE: return null;
            }
        }

        return source is null || destination is null ? null : new ConnectionTuple(protocol, source, sourcePort, destination, destinationPort);
    }

    private static void Addresses(NetlinkAttributes attributes, ref IPAddress? source, ref IPAddress? destination)
    {
        while (attributes.Read())
        {
            if (attributes.Value.Length is 4 or 16)
            {
                switch (attributes.Type)
                {
                    case CTA_IP_V4_SRC or CTA_IP_V6_SRC: source = new IPAddress(attributes.Value); break;
                    case CTA_IP_V4_DST or CTA_IP_V6_DST: destination = new IPAddress(attributes.Value); break;
                }
            }
        }
    }

    private static void Ports(NetlinkAttributes attributes, ref ProtocolType protocol, ref ushort source, ref ushort destination)
    {
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case CTA_PROTO_NUM: protocol = (ProtocolType)(byte)attributes.Number; break;
                case CTA_PROTO_SRC_PORT: source = (ushort)attributes.NumberBigEndian; break;
                case CTA_PROTO_DST_PORT: destination = (ushort)attributes.NumberBigEndian; break;
            }
        }
    }
}
