using System.Net;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Golden bytes: what "ip -d" sends for the same command, as strace shows it, but for the order of attributes.</summary>
public sealed class NetlinkBatchTests
{
    private static string Hex(NetlinkBatch batch) => Convert.ToHexStringLower(batch.Bytes);

    [Fact]
    public void AnAddress() => Assert.Equal(
        "30000000" + "1400" + "0106" + "01000000" + "00000000" // length, RTM_NEWADDR, REQUEST|CREATE|EXCL, sequence, port
        + "02" + "10" + "00" + "00" + "02000000" // AF_INET, /16, flags, scope, link 2
        + "0800" + "0200" + "ac1e0002" // IFA_LOCAL
        + "0800" + "0100" + "ac1e0002" // IFA_ADDRESS
        + "0800" + "0400" + "ac1effff", // IFA_BROADCAST
        Hex(new NetlinkBatch().AddAddress(new LinkAddress(2, IPAddress.Parse("172.30.0.2"), 16))));

    [Theory]
    [InlineData("10.1.2.3", 30, "0a010203")]
    [InlineData("10.1.2.1", 29, "0a010207")]
    [InlineData("10.1.2.1", 12, "0a0fffff")]
    [InlineData("10.1.2.1", 8, "0affffff")]
    public void TheBroadcastAddressFollowsThePrefix(string address, int prefix, string broadcast) =>
        Assert.EndsWith("08000400" + broadcast, Hex(new NetlinkBatch().AddAddress(new LinkAddress(2, IPAddress.Parse(address), prefix))), StringComparison.Ordinal);

    [Fact]
    public void ADefaultRoute() => Assert.Equal(
        "2c000000" + "1800" + "0106" + "01000000" + "00000000" // RTM_NEWROUTE
        + "02" + "00" + "00" + "00" + "fe" + "03" + "00" + "01" + "00000000" // main table, boot, universe, unicast
        + "0800" + "0500" + "ac1e0001" // RTA_GATEWAY
        + "0800" + "0400" + "02000000", // RTA_OIF
        Hex(new NetlinkBatch().AddRoute(new Route(null, 0, IPAddress.Parse("172.30.0.1"), 2))));

    [Fact]
    public void APairIsOneMessageWithThePeerInside()
    {
        using var space = new FileDescriptor(-1); // only its number goes into the message
        string number = Convert.ToHexStringLower(BitConverter.GetBytes(space.Number));
        Assert.Equal(
            "8c000000" + "1000" + "0106" + "01000000" + "00000000" // RTM_NEWLINK
            + "00000000" + "00000000" + "01000000" + "01000000" // up
            + "0a00" + "0300" + "766574683100" + "0000" // IFLA_IFNAME veth1, padded
            + "0800" + "0400" + "dc050000" // IFLA_MTU 1500
            + "0800" + "0a00" + "07000000" // IFLA_MASTER 7
            + "5000" + "1280" // IFLA_LINKINFO, nested
            + "0900" + "0100" + "7665746800" + "000000" // IFLA_INFO_KIND veth
            + "4000" + "0280" // IFLA_INFO_DATA
            + "3c00" + "0180" // VETH_INFO_PEER
            + "00000000" + "00000000" + "00000000" + "00000000" // ifinfomsg of the peer: down
            + "0900" + "0300" + "6574683000" + "000000" // eth0
            + "0a00" + "0100" + "0242ac1e0002" + "0000" // IFLA_ADDRESS
            + "0800" + "0400" + "dc050000"
            + "0800" + "1c00" + number, // IFLA_NET_NS_FD
            Hex(new NetlinkBatch().AddVethPair(new VethPair
            {
                Name = "veth1", Master = 7, PeerName = "eth0", PeerAddress = [2, 0x42, 0xac, 0x1e, 0, 2], PeerNamespace = space,
            })));
    }

    [Fact]
    public void MessagesFollowEachOtherAndTheLastIsAnswered()
    {
        NetlinkBatch batch = new NetlinkBatch().SetUp("lo").SetUp(2).AcknowledgeLast();
        Assert.Equal(2, batch.Count);
        Assert.Equal(1, batch.AwaitedMessage);
        ReadOnlySpan<byte> rest = batch.Bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage first));
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage second));
        Assert.True(rest.IsEmpty);
        Assert.Equal(0, first.Flags & Libc.NLM_F_ACK);
        Assert.NotEqual(0, second.Flags & Libc.NLM_F_ACK);
        Assert.Equal(first.Sequence + 1, second.Sequence);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        NetlinkBatch batch = new NetlinkBatch().Begin(16, 0, "test");
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => batch.Attribute(3, new string('x', 256))).Errno);
        Assert.Equal(Errno.E2BIG, Assert.Throws<LinuxException>(() => batch.Nested(1, b =>
        {
            for (int i = 0; i < 300; i++)
            {
                b.Attribute(3, new byte[250]);
            }
        })).Errno);
    }
}
