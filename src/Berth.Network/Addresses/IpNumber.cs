using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Addresses;

/// <summary>Addresses of both families as numbers, for counting: 10.0.0.1 is 0x0A000001.</summary>
internal static class IpNumber
{
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress Address(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>Bits of an address.</summary>
    public static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>How many addresses a subnet has, less one: its host part all ones.</summary>
    public static UInt128 HostMask(IPNetwork subnet)
    {
        int bits = Bits(subnet.BaseAddress.AddressFamily) - subnet.PrefixLength;
        return bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
    }

    /// <summary>A subnet's first address that somebody may have: where its router is, unless it says otherwise.</summary>
    public static IPAddress First(IPNetwork subnet) => Address(Of(subnet.BaseAddress) + 1, subnet.BaseAddress.AddressFamily);

    public static IPAddress Last(IPNetwork subnet) => Address(Of(subnet.BaseAddress) | HostMask(subnet), subnet.BaseAddress.AddressFamily);

    /// <summary>The subnet that an address with a prefix lies in.</summary>
    public static IPNetwork Subnet(IPAddress address, int prefixLength)
    {
        AddressFamily family = address.AddressFamily;
        int bits = Bits(family) - prefixLength;
        UInt128 mask = bits == 128 ? 0 : UInt128.MaxValue << bits;
        return new IPNetwork(Address(Of(address) & mask, family), prefixLength);
    }

    public static bool Overlap(IPNetwork a, IPNetwork b) =>
        a.BaseAddress.AddressFamily == b.BaseAddress.AddressFamily && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));
}
