using Berth.Linux.Interop;
using Berth.Linux.Netlink;

using CsCheck;

namespace Berth.Linux.Tests.Netlink;

public sealed class NetlinkMessageTests
{
    private static readonly NetlinkParser<object>[] Parsers = [Link.Parse, LinkAddress.Parse, Route.Parse, Neighbour.Parse, LinkStatistics.Parse, PolicyRule.Parse];
    private static readonly ushort[] Types = [Libc.RTM_NEWLINK, Libc.RTM_NEWADDR, Libc.RTM_NEWROUTE, Libc.RTM_NEWNEIGH, Libc.RTM_NEWLINK, Libc.RTM_NEWRULE];

    [Fact]
    public void NoBytesMakeAParserFail() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        Walk(bytes);
        for (int i = 0; i < Parsers.Length && bytes.Length >= 16; i++)
        {
            // A whole message of the right type, so that the parser gets to see the rest.
            BitConverter.TryWriteBytes(bytes, bytes.Length);
            BitConverter.TryWriteBytes(bytes.AsSpan(4), Types[i]);
            ReadOnlySpan<byte> rest = bytes;
            Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
            _ = Parsers[i](message);
        }
    });

    [Fact]
    public void AMessageThatClaimsMoreThanThereIsEndsTheWalk()
    {
        byte[] bytes = new byte[20];
        foreach (uint length in (uint[])[0, 15, 21, uint.MaxValue])
        {
            BitConverter.TryWriteBytes(bytes, length);
            ReadOnlySpan<byte> rest = bytes;
            Assert.False(NetlinkMessage.TryRead(ref rest, out _));
        }
    }

    [Fact]
    public void WhatABatchWritesIsReadBack()
    {
        NetlinkBatch batch = new NetlinkBatch().Begin(Libc.RTM_NEWLINK, 0, "test")
            .Put(new Libc.ifinfomsg { ifi_index = 9, ifi_flags = Libc.IFF_UP })
            .Attribute(Libc.IFLA_IFNAME, "veth1")
            .Attribute(Libc.IFLA_MTU, 1400u)
            .Attribute(Libc.IFLA_MASTER, 4u)
            .Attribute(Libc.IFLA_ADDRESS, [2, 0, 0, 0, 0, 1])
            .Nested(Libc.IFLA_LINKINFO, static info => info.Attribute(Libc.IFLA_INFO_KIND, "veth"));
        ReadOnlySpan<byte> rest = batch.Bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        Link link = Link.Parse(message)!;
        Assert.Equal((9, "veth1", "veth", 4, 1400, true), (link.Index, link.Name, link.Kind, link.Master, link.Mtu, link.IsUp));
        Assert.Equal([2, 0, 0, 0, 0, 1], link.Address);
    }

    private static void Walk(ReadOnlySpan<byte> bytes)
    {
        while (NetlinkMessage.TryRead(ref bytes, out NetlinkMessage message))
        {
            var attributes = new NetlinkAttributes(message.Payload);
            while (attributes.Read())
            {
                _ = (attributes.Number, attributes.NumberBigEndian, attributes.Text);
            }
        }
    }
}
