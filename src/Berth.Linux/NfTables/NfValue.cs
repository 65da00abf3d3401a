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

    /// <summary>The parts of a concatenation; null when it is shorter than its types say.</summary>
    internal static List<NfValue>? Parse(ReadOnlySpan<byte> bytes, IReadOnlyList<NfType> types)
    {
        var values = new List<NfValue>(types.Count);
        foreach (NfType type in types)
        {
            int length = (int)NfTypes.Length([type]) + 3 & ~3;
            int given = Math.Min(length, bytes.Length); // the kernel leaves out what fills up the last
            if (given < Shortest(type))
            {
                return null;
            }

            ReadOnlySpan<byte> part = bytes[..given];
            values.Add(type switch
            {
                NfType.Ipv4Address or NfType.Ipv6Address => new Address(new IPAddress(part)),
                NfType.HardwareAddress => new HardwareAddress(Convert.ToHexString(part[..6])),
                NfType.Protocol => new Protocol((ProtocolType)part[0]),
                NfType.InterfaceName => new InterfaceName(Encoding.UTF8.GetString(part.IndexOf((byte)0) is int end and >= 0 ? part[..end] : part)),
                _ => new Port(BinaryPrimitives.ReadUInt16BigEndian(part)),
            });
            bytes = bytes[given..];
        }

        return values;
    }

    private static int Shortest(NfType type) => type switch
    {
        NfType.Protocol => 1,
        NfType.Port => 2,
        NfType.HardwareAddress => 6,
        _ => (int)NfTypes.Length([type]),
    };

    public sealed record Address(IPAddress Ip) : NfValue
    {
        internal override byte[] Bytes => Ip.GetAddressBytes();

        public override string ToString() => Ip.ToString();
    }

    /// <summary>Six bytes, as hexadecimal digits.</summary>
    public sealed record HardwareAddress(string Digits) : NfValue
    {
        internal override byte[] Bytes => [.. Convert.FromHexString(Digits), 0, 0];

        public override string ToString() => string.Join(':', Digits.Chunk(2).Select(static d => new string(d).ToLowerInvariant()));
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
