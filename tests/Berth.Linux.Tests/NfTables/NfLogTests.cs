using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Linux.Packets;
using Berth.Linux.Polling;

using CsCheck;

namespace Berth.Linux.Tests.NfTables;

/// <summary>Packets that a rule logs are heard.</summary>
public sealed class NfLogTests : IDisposable
{
    private const ushort Group = 77;

    private readonly TestSpace _space = new();
    private readonly NfLog? _log;

    public NfLogTests() => _log = _space.Run(() => NfLog.TryListen(Group));

    public void Dispose()
    {
        _log?.Dispose();
        _space.Dispose();
    }

    [Fact]
    public void APacketIsToldWithPrefixAndAddresses()
    {
        Assert.SkipWhen(_log is null, "this kernel has no nfnetlink_log");
        new NfTransaction().Replace(new NfTable(NfFamily.Inet, "t",
        [
            new NfChain("in", "filter", NfHook.Input, 0, [new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 9), new NfStatement.Log(Group, "abc in"), new NfStatement.Drop())]),
            new NfChain("out", "filter", NfHook.Output, 0, [new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 9), new NfStatement.Log(Group, "abc out"))]),
        ])).Commit(_space.Netfilter);
        foreach (IPAddress to in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            ushort port = Send(to);
            var packet = new PacketHeader(ProtocolType.Udp, to, port, to, 9);
            Assert.Equal([new NfLogEntry("abc out", 0, 1, packet), new NfLogEntry("abc in", 1, 0, packet)], Read());
        }
    }

    [Fact]
    public void AGroupHasOneListener()
    {
        Assert.SkipWhen(_log is null, "this kernel has no nfnetlink_log");
        LinuxException taken = Assert.Throws<LinuxException>(() => _space.Run(() => NfLog.TryListen(Group)));
        Assert.Equal(Errno.EPERM, taken.Errno);
        _log.Dispose();
        using NfLog? again = _space.Run(() => NfLog.TryListen(Group));
        Assert.NotNull(again);
    }

    [Fact]
    public void NoBytesMakeTheParserFail() => Gen.Byte.Array[20, 200].Sample(bytes =>
    {
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)(Libc.NFNL_SUBSYS_ULOG << 8));
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        Assert.NotNull(NfLog.Parse(message));
    });

    private ushort Send(IPAddress to) => _space.Run(() =>
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([1, 2, 3], new IPEndPoint(to, 9));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    });

    private List<NfLogEntry> Read()
    {
        var entries = new List<NfLogEntry>();
        while (entries.Count < 2)
        {
            Span<PollItem> items = [new() { Number = _log!.Number, Wanted = PollEvents.Readable }];
            Assert.Equal(1, Poll.Wait(items, 30_000));
            Assert.True(_log.Read(entries));
        }

        return entries;
    }
}
