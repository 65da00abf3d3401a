using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Packets;

using CsCheck;

namespace Berth.Linux.Tests.Packets;

public sealed class PacketHeaderTests
{
    private static readonly Gen<PacketHeader> Headers =
        from six in Gen.Bool
        from source in Gen.Byte.Array[six ? 16 : 4]
        from destination in Gen.Byte.Array[six ? 16 : 4]
        from protocol in Gen.Int[0, 2].Select(static i => new[] { ProtocolType.Tcp, ProtocolType.Udp, (ProtocolType)132 }[i])
        from ports in Gen.Select(Gen.UShort, Gen.UShort)
        select new PacketHeader(protocol, new IPAddress(source), ports.Item1, new IPAddress(destination), ports.Item2);

    [Fact]
    public void NoBytesMakeItFail() => Gen.Byte.Array[0, 100].Sample(static bytes =>
    {
        PacketHeader.Parse(bytes);
        foreach (byte version in (byte[])[0x45, 0x4F, 0x60])
        {
            if (bytes.Length > 0)
            {
                bytes[0] = version;
                PacketHeader.Parse(bytes);
            }
        }
    });

    [Fact]
    public void WhatWasSentIsRead() => Gen.Select(Headers, Gen.Int[0, 10], Gen.Int[0, 3]).Sample(static (header, options, extensions) =>
        Assert.Equal(header, PacketHeader.Parse(Write(header, options, extensions, fragment: 0))));

    [Fact]
    public void ALaterFragmentHasNoPorts() => Gen.Select(Headers, Gen.Int[1, 0x1FFF]).Sample(static (header, fragment) =>
        Assert.Equal(header with { SourcePort = 0, DestinationPort = 0 }, PacketHeader.Parse(Write(header, 0, 1, fragment))));

    [Fact]
    public void APacketThatIsCutStillHasItsAddresses() => Headers.Sample(static header =>
    {
        byte[] packet = Write(header, 0, 0, 0);
        Assert.Equal(header with { SourcePort = 0, DestinationPort = 0 }, PacketHeader.Parse(packet.AsSpan(0, packet.Length - 1)));
    });

    [Fact]
    public void APing() => Assert.Equal(
        new PacketHeader(ProtocolType.Icmp, IPAddress.Parse("10.0.0.1"), 0, IPAddress.Parse("10.0.0.2"), 0),
        PacketHeader.Parse(Convert.FromHexString("4500002000004000400100000A0000010A0000020800F7FF00000000")));

    // An option word of IPv4 each; an extension header of IPv6 each, the last a fragment header where it is a fragment.
    private static byte[] Write(PacketHeader header, int options, int extensions, int fragment)
    {
        byte[] ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, header.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), header.DestinationPort);
        byte[] addresses = [.. header.Source.GetAddressBytes(), .. header.Destination.GetAddressBytes()];
        if (header.Source.AddressFamily == AddressFamily.InterNetwork)
        {
            byte[] start = new byte[12];
            start[0] = (byte)(0x45 + options);
            BinaryPrimitives.WriteUInt16BigEndian(start.AsSpan(6), (ushort)fragment);
            start[9] = (byte)header.Protocol;
            return [.. start, .. addresses, .. new byte[options * 4], .. ports];
        }

        byte[] six = new byte[8];
        six[0] = 0x60;
        var rest = new List<byte>();
        byte next = (byte)header.Protocol;
        for (int i = 0; i < extensions; i++)
        {
            bool cut = i == 0 && fragment > 0;
            rest.InsertRange(0, [next, 0, (byte)(fragment >> 5 & (cut ? 0xFF : 0)), (byte)(fragment << 3 & (cut ? 0xFF : 0)), 0, 0, 0, 0]);
            next = cut ? (byte)44 : (byte)60;
        }

        six[6] = next;
        return [.. six, .. addresses, .. rest, .. ports];
    }
}
