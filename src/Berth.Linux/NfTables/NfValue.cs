using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>One part of a set's or map's key or value.</summary>
public abstract record NfValue
{
    private NfValue()
    {
    }

    /// <summary>Its bytes, filled up to whole 32-bit registers: that is how a concatenation lies in them.</summary>
    internal abstract byte[] Bytes { get; }

    public sealed record Address(IPAddress Ip) : NfValue
    {
        internal override byte[] Bytes => Ip.GetAddressBytes();

        public override string ToString() => Ip.ToString();
    }

    public sealed record Port(ushort Number) : NfValue
    {
        internal override byte[] Bytes
        {
            get
            {
                byte[] bytes = new byte[4];
                BinaryPrimitives.WriteUInt16BigEndian(bytes, Number);
                return bytes;
            }
        }

        public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>TCP, UDP, or 132 for SCTP.</summary>
    public sealed record Protocol(ProtocolType Type) : NfValue
    {
        public const ProtocolType Sctp = (ProtocolType)132;

        internal override byte[] Bytes => [(byte)Type, 0, 0, 0];

        public override string ToString() => Type switch
        {
            ProtocolType.Tcp => "tcp",
            ProtocolType.Udp => "udp",
            Sctp => "sctp",
            ProtocolType.Icmp => "icmp",
            ProtocolType.IcmpV6 => "ipv6-icmp",
            _ => ((int)Type).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>An interface's name: 15 bytes at most (IFNAMSIZ), compared with all its zeros.</summary>
    public sealed record InterfaceName(string Name) : NfValue
    {
        internal override byte[] Bytes
        {
            get
            {
                byte[] bytes = new byte[16];
                return Encoding.UTF8.TryGetBytes(Name, bytes.AsSpan(0, 15), out _)
                    ? bytes
                    : throw new LinuxException("nf_tables", $"interface name \"{Name}\"", Errno.ENAMETOOLONG);
            }
        }

        public override string ToString() => $"\"{Name}\"";
    }
}
