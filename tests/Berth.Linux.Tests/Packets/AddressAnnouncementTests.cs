using System.Diagnostics;
using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.Packets;

namespace Berth.Linux.Tests.Packets;

/// <summary>Neighbours believe an announcement.</summary>
public sealed class AddressAnnouncementTests
{
    [Theory]
    [InlineData("10.1.0.7")]
    [InlineData("fd00:1::7")]
    public async Task WhoRemembersAnotherHardwareAddressLearnsTheNewOneAsync(string text)
    {
        var address = IPAddress.Parse(text);
        byte[] hardware = [2, 0, 0, 0, 0, 7];
        using TestSpace host = new(), inside = new();
        host.Execute(new NetlinkBatch().AddVethPair(new VethPair { Name = "veth1", PeerName = "eth0", PeerAddress = hardware, PeerNamespace = inside.Namespace }));
        int link = host.Index("veth1"), eth0 = inside.Index("eth0");
        inside.Execute(new NetlinkBatch().SetUp(eth0));
        host.Execute(new NetlinkBatch()
            .AddAddress(new LinkAddress(link, IPAddress.Parse("10.1.0.1"), 24))
            .AddAddress(new LinkAddress(link, IPAddress.Parse("fd00:1::1"), 64))
            .Begin(Libc.RTM_NEWNEIGH, Libc.NLM_F_CREATE, "neighbour")
            .Put(new Libc.ndmsg { ndm_family = address.GetAddressBytes().Length == 4 ? Libc.AF_INET : Libc.AF_INET6, ndm_ifindex = link, ndm_state = 0x4 /* stale */ })
            .Attribute(Libc.NDA_DST, address.GetAddressBytes())
            .Attribute(Libc.NDA_LLADDR, [2, 0, 0, 0, 0, 99]));
        Assert.Equal(99, Known());

        var clock = Stopwatch.StartNew();
        while (Known() != 7)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "nobody believes it");
            inside.Run(() =>
            {
                AddressAnnouncement.Send(eth0, hardware, address);
                return true;
            });
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        int Known() => Assert.Single(host.Routes.Neighbours(), n => n.Address.Equals(address)).LinkLayerAddress[5];
    }

    [Fact]
    public void ALinkThatIsNotThereIsAnError()
    {
        using var space = new TestSpace();
        Assert.Equal(Errno.ENODEV, Assert.Throws<LinuxException>(() => space.Run(() =>
        {
            AddressAnnouncement.Send(4711, [2, 0, 0, 0, 0, 7], IPAddress.Loopback);
            return true;
        })).Errno);
    }
}
