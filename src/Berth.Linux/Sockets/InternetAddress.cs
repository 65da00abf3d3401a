using System.Buffers.Binary;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Sockets;

/// <summary>An IPv4 or IPv6 address with a port, as sockets take them: 32 bytes, no allocation, compared by value.</summary>
public readonly unsafe record struct InternetAddress
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000; // ::ffff:a.b.c.d, RFC 4291 section 2.5.5.2

    // IPv4 lies in the low half as IPv6 would map it.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly bool _four;

    private InternetAddress(ulong high, ulong low, uint scope, ushort port, bool four) =>
        (_high, _low, _scope, _port, _four) = (high, low, scope, port, four);

    /// <summary>Libc.AF_INET or AF_INET6.</summary>
    public int Family => _four ? Libc.AF_INET : Libc.AF_INET6;

    public ushort Port => _port;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => _four ? (byte)(_low >> 24) == 127 : _high == 0 && _low == 1;

    /// <summary>fe80::/10: means something on its link only.</summary>
    public bool IsLinkLocal => !_four && _high >> 54 == 0xFE80 >> 6;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsAny => _high == 0 && (_four ? (uint)_low == 0 : _low == 0);

    /// <summary>Whether it has the first bits of another address, of the same family.</summary>
    /// <param name="network">Any address there.</param>
    /// <param name="bits">1 to 32, or to 128; with 0 and less only the same address has them.</param>
    public bool IsWithin(InternetAddress network, int bits)
    {
        int width = _four ? 32 : 128;
        if (_four != network._four || _scope != network._scope)
        {
            return false;
        }

        int ignored = bits <= 0 ? 0 : Math.Max(width - bits, 0);
        ulong high = ignored <= 64 ? ulong.MaxValue : ulong.MaxValue << (ignored - 64); // never all 64: a prefix has one bit at least
        ulong low = ignored >= 64 ? 0 : ulong.MaxValue << ignored;
        return ((_high ^ network._high) & high) == 0 && ((_low ^ network._low) & low) == 0;
    }

    /// <summary>The same with another port.</summary>
    public InternetAddress WithPort(ushort port) => new(_high, _low, _scope, port, _four);

    /// <summary>The same without the link that a link-local address belongs to.</summary>
    public InternetAddress WithoutScope() => new(_high, _low, 0, _port, _four);

    /// <summary>An IPv4 address that an IPv6 socket shows as ::ffff:a.b.c.d, as IPv4; any other as it is.</summary>
    public InternetAddress Unmapped() =>
        !_four && _high == 0 && _low >> 32 == MappedPrefix >> 32 ? new InternetAddress(0, _low, 0, _port, four: true) : this;

    /// <summary>Reads a literal address without a scope; false for anything else.</summary>
    public static bool TryParse(string text, ushort port, out InternetAddress address)
    {
        const int longest = 45; // INET6_ADDRSTRLEN without its closing zero
        address = default;
        if (text.Length is 0 or > longest || text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        fixed (byte* name = CString.Of(text), into = bytes)
        {
            if (Libc.inet_pton(Libc.AF_INET, name, into) == 1)
            {
                address = OfFour(BinaryPrimitives.ReadUInt32BigEndian(bytes), port);
                return true;
            }

            bool six = Libc.inet_pton(Libc.AF_INET6, name, into) == 1;
            address = six ? OfSix(bytes, 0, port) : default;
            return six;
        }
    }

    internal static InternetAddress OfFour(uint address, ushort port) => new(0, MappedPrefix | address, 0, port, four: true);

    internal static InternetAddress OfSix(ReadOnlySpan<byte> address, uint scope, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), scope, port, four: false);

    /// <summary>From what the kernel wrote; of another family it is the default.</summary>
    internal static InternetAddress Of(in Libc.sockaddr_in6 raw)
    {
        fixed (Libc.sockaddr_in6* six = &raw)
        {
            var four = (Libc.sockaddr_in*)six;
            return six->sin6_family switch
            {
                Libc.AF_INET => OfFour(BinaryPrimitives.ReverseEndianness(four->sin_addr), BinaryPrimitives.ReverseEndianness(four->sin_port)),
                Libc.AF_INET6 => OfSix(new ReadOnlySpan<byte>(six->sin6_addr, 16), six->sin6_scope_id, BinaryPrimitives.ReverseEndianness(six->sin6_port)),
                _ => default,
            };
        }
    }

    /// <summary>Writes what the kernel reads, and how long that is.</summary>
    internal uint Write(out Libc.sockaddr_in6 raw)
    {
        raw = default;
        fixed (Libc.sockaddr_in6* six = &raw)
        {
            six->sin6_family = (ushort)Family;
            six->sin6_port = BinaryPrimitives.ReverseEndianness(_port);
            if (_four)
            {
                ((Libc.sockaddr_in*)six)->sin_addr = FourBigEndian;
                return (uint)sizeof(Libc.sockaddr_in);
            }

            WriteSix(new Span<byte>(six->sin6_addr, 16));
            six->sin6_scope_id = _scope;
            return (uint)sizeof(Libc.sockaddr_in6);
        }
    }

    internal uint FourBigEndian => BinaryPrimitives.ReverseEndianness((uint)_low);

    internal uint Scope => _scope;

    internal void WriteSix(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into, _high);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], _low);
    }
}
