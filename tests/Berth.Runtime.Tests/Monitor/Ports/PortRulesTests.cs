using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Ports;
using Berth.Runtime.Monitor.Ports.Proxies;

namespace Berth.Runtime.Tests.Monitor.Ports;

public sealed class PortRulesTests
{
    [Theory]
    [InlineData(1024ul, 1, 63, 127)]
    [InlineData(20_000ul, 2000, 2122, 4096)]
    [InlineData(524_288ul, 10, 16_384, 4096)]
    [InlineData(1024ul, 2000, 1, 1)]
    [InlineData(0ul, 0, 1, 1)]
    [InlineData(ulong.MaxValue, 1, 16_384, 4096)]
    public void LimitsFollowThatOfDescriptors(ulong openFiles, int ports, int connections, int flows) =>
        Assert.Equal(new ProxyLimits(connections, flows), ProxyLimits.Of(openFiles, ports));

    /// <summary>Connections, clients and ports at their most never take what the monitor needs for itself.</summary>
    [Fact]
    public void WhatIsTheMonitorsOwnIsLeft()
    {
        for (ulong openFiles = 1024; openFiles < 200_000; openFiles += 511)
        {
            for (int ports = 0; ports < (int)openFiles / 4; ports += 97)
            {
                ProxyLimits limits = ProxyLimits.Of(openFiles, ports);
                Assert.True((ulong)((limits.Connections * 6) + limits.Flows + ports) + Math.Min(1024, openFiles / 2) <= openFiles + 1, $"{openFiles}, {ports}");
            }
        }
    }

    [Theory]
    [InlineData("198.51.100.2", "172.17.0.2", "198.51.100.2")]
    [InlineData("::ffff:198.51.100.2", "172.17.0.2", "198.51.100.2")] // as a socket for both families shows it
    [InlineData("fd00::2", "fd00::9", "fd00::2")]
    [InlineData("127.0.0.1", "172.17.0.2", null)]
    [InlineData("127.9.9.9", "172.17.0.2", null)]
    [InlineData("::ffff:127.0.0.1", "172.17.0.2", null)]
    [InlineData("::1", "fd00::9", null)]
    [InlineData("fe80::1", "fd00::9", null)]
    [InlineData("fd00::2", "172.17.0.2", null)]
    [InlineData("198.51.100.2", "fd00::9", null)]
    public void TheClientsAddressIsKeptWhereItCanBe(string client, string target, string? source)
    {
        InternetAddress from = Address(client, 5), to = Address(target, 80);
        Assert.Equal(source is null ? null : Address(source, 5), new PortTarget(MonitorPortMode.Transparent, to).SourceFor(from));
        Assert.Null(new PortTarget(MonitorPortMode.Proxy, to).SourceFor(from));
    }

    /// <summary>A client's port is kept where no program of the host can mind: among those that any socket may have.</summary>
    [Theory]
    [InlineData(40_000, 40_000)]
    [InlineData(40_999, 40_999)]
    [InlineData(39_999, 0)]
    [InlineData(41_000, 0)]
    [InlineData(5060, 0)]
    public void AUdpClientsPortIsKeptWhereItTakesNothing(int clients, int kept) =>
        Assert.Equal(kept, UdpSource.PortFor(Address("198.51.100.2", (ushort)clients), new EphemeralPorts(40_000, 40_999)));

    [Theory]
    [InlineData("32768\t60999\n", 32768, 60999)]
    [InlineData("1024 65535", 1024, 65535)]
    [InlineData("", 0, 0)]
    [InlineData("32768", 0, 0)]
    [InlineData("60999\t32768\n", 0, 0)]
    [InlineData("0\t70000\n", 0, 0)]
    public void TheRangeOfEphemeralPortsIsRead(string text, int first, int last)
    {
        Assert.Equal(first != 0, EphemeralPorts.TryParse(text, out EphemeralPorts ports));
        Assert.Equal(new EphemeralPorts((ushort)first, (ushort)last), ports);
    }

    [Theory]
    [InlineData("172.17.0.9", "172.17.0.2", 16, true)]
    [InlineData("172.17.255.255", "172.17.0.2", 16, true)]
    [InlineData("172.18.0.2", "172.17.0.2", 16, false)]
    [InlineData("172.17.0.3", "172.17.0.2", 32, false)]
    [InlineData("172.17.0.3", "172.17.0.2", 31, true)]
    [InlineData("192.0.0.1", "128.0.0.1", 1, true)]
    [InlineData("64.0.0.1", "128.0.0.1", 1, false)]
    [InlineData("172.17.0.2", "172.17.0.2", 0, true)]
    [InlineData("172.17.0.3", "172.17.0.2", 0, false)]
    [InlineData("fd00::9", "fd00::2", 64, true)]
    [InlineData("fd00:0:0:1::2", "fd00::2", 64, false)]
    [InlineData("fd00:0:0:1::2", "fd00::2", 63, true)]
    [InlineData("fd00::1:0:0:2", "fd00::2", 65, true)]
    [InlineData("fd00::8000:0:0:2", "fd00::2", 65, false)]
    [InlineData("fd00::3", "fd00::2", 128, false)]
    [InlineData("fd00::3", "fd00::2", 127, true)]
    [InlineData("8000::", "ffff::", 1, true)]
    [InlineData("7fff::", "ffff::", 1, false)]
    [InlineData("fd00::2", "172.17.0.2", 1, false)]
    public void AClientOfTheContainersNetworkIsSeenAsTheHost(string client, string target, int bits, bool within)
    {
        InternetAddress from = Address(client, 5), to = Address(target, 80);
        Assert.Equal(within, from.IsWithin(to, bits));
        bool kept = new PortTarget(MonitorPortMode.Transparent, to, bits).SourceFor(from) is not null;
        Assert.Equal(!within && from.Family == to.Family, kept);
    }

    [Fact]
    public void AChangeIsSortedByWhatIsHeld()
    {
        PortKey held = Key("tcp", "::1", 1), fresh = Key("tcp", "::1", 2), gone = Key("udp", "::1", 1);
        var call = new MonitorPorts { Add = [Hold("tcp", "::1", 1), Hold("tcp", "::1", 2), Hold("udp", "::1", 1)], Remove = [new MonitorPortKey { Protocol = "udp", HostAddress = "0:0::1", HostPort = 1 }] };
        PortChange change = PortChange.Read(call, k => k == held || k == gone, 2, out string? refusal);
        Assert.Null(refusal);
        Assert.Equal([held], change.Changed.Select(c => c.Key));
        Assert.Equal([fresh, gone], change.New.Select(c => c.Key)); // removed and added: a new socket
        Assert.Equal([gone], change.Removed);
    }

    [Theory]
    [InlineData("1.2.3.4", Libc.AF_INET)]
    [InlineData("0.0.0.0", Libc.AF_INET)]
    [InlineData("::", Libc.AF_INET6)]
    [InlineData("2001:db8::1", Libc.AF_INET6)]
    [InlineData("", 0)]
    [InlineData("1.2.3", 0)]
    [InlineData("1.2.3.4 ", 0)]
    [InlineData("fe80::1%eth0", 0)]
    [InlineData("localhost", 0)]
    [InlineData("1.2.3.4\0", 0)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0)]
    public void OnlyLiteralAddressesAreRead(string text, int family)
    {
        Assert.Equal(family != 0, InternetAddress.TryParse(text, 7, out InternetAddress address));
        Assert.True(family == 0 || (address.Family, address.Port) == (family, 7));
        Assert.Equal(text is "0.0.0.0" or "::", family != 0 && address.IsAny);
    }

    [Fact]
    public void TheFlowSilentLongestGoesFirst()
    {
        var list = new UdpFlowList { Most = 3 };
        UdpFlow[] flows = [.. Enumerable.Range(0, 3).Select(_ => new UdpFlow(null!, null!, default, default, null!))];
        for (int i = 0; i < 3; i++)
        {
            Assert.False(list.IsFull);
            list.Add(flows[i], i);
        }

        Assert.True(list.IsFull);
        list.Used(flows[0], 10);
        list.Used(flows[2], 11);
        Assert.Same(flows[1], list.Oldest);
        Assert.Equal(1 + UdpFlowList.IdleMilliseconds, list.Deadline);
        Assert.Null(list.TakeExpired(list.Deadline - 1));
        Assert.Same(flows[1], list.TakeExpired(list.Deadline));
        list.Remove(flows[1]);
        Assert.Same(flows[0], list.Oldest);
        list.Remove(flows[2]);
        list.Used(flows[0], 20);
        list.Remove(flows[0]);
        Assert.Null(list.Oldest);
        Assert.Equal(long.MaxValue, list.Deadline);
    }

    /// <summary>That nobody listened is reported in place of the next sending, which is not that one's failure.</summary>
    [Fact]
    public void ADatagramAfterAnIcmpErrorIsSent()
    {
        using var host = new PortsHost();
        using FileDescriptor? client = host.In(() => UdpSocket.TryConnect(Address("127.0.0.1", 7), null, out _));
        Assert.Equal(4, UdpSocket.Send(client!, "lost"u8));
        Assert.Equal(1, Poll.Wait([new PollItem { Number = client!.Number }], 30_000)); // of the error
        using Socket next = host.Udp("127.0.0.1:7");
        Assert.Equal(3, UdpSocket.Send(client, "yes"u8));
        Assert.Equal(3, next.Receive(new byte[10]));
    }

    private static InternetAddress Address(string text, ushort port) => InternetAddress.TryParse(text, port, out InternetAddress address) ? address : throw new ArgumentException(text);

    private static PortKey Key(string protocol, string address, ushort port)
    {
        Assert.Null(PortKey.Read(protocol, address, port, out PortKey key));
        return key;
    }

    private static MonitorPort Hold(string protocol, string address, ushort port) => new() { Protocol = protocol, HostAddress = address, HostPort = port };
}
