using System.Buffers.Binary;
using System.Net;

namespace Berth.Network;

/// <summary>IPv4 addresses as numbers: 10.0.0.1 is 0x0A000001.</summary>
internal static class Ipv4
{
    public static uint Value(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public static IPAddress Address(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }

    public static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);

    public static IPNetwork Subnet(uint address, int prefixLength) => new(Address(address & Mask(prefixLength)), prefixLength);
}
