using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.Sockets;

using CsCheck;

namespace Berth.Linux.Tests.Sockets;

public sealed class PortOwnerTests : IDisposable
{
    private const ProtocolType Sctp = (ProtocolType)132;

    private readonly TestSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(ProtocolType.Tcp, "127.0.0.1", true)]
    [InlineData(ProtocolType.Tcp, "0.0.0.0", true)]
    [InlineData(ProtocolType.Tcp, "::1", true)]
    [InlineData(ProtocolType.Tcp, "::", true)]
    [InlineData(ProtocolType.Tcp, "127.0.0.1", false)]
    [InlineData(ProtocolType.Udp, "127.0.0.1", false)]
    [InlineData(ProtocolType.Udp, "::", false)]
    public void TheSocketIsFound(ProtocolType protocol, string address, bool listens)
    {
        var at = IPAddress.Parse(address);
        Assert.SkipWhen(protocol == ProtocolType.Tcp && !listens && Environment.OSVersion.Version < new Version(6, 8), "kernels before 6.8 do not tell of it");
        using Socket socket = Open(protocol, at, listens);
        ushort port = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        using NetlinkSocket diagnosis = _space.Open(Libc.NETLINK_SOCK_DIAG);
        BoundSocket found = Assert.Single(diagnosis.BoundSockets(protocol, port));
        Assert.Equal((at, port), (found.Address, found.Port));
        Assert.Equal($"socket:[{found.Inode}]", new FileInfo($"/proc/self/fd/{socket.Handle}").LinkTarget);
        Assert.Empty(diagnosis.BoundSockets(protocol, (ushort)(port ^ 1)));
        Assert.Empty(diagnosis.BoundSockets(protocol == ProtocolType.Udp ? ProtocolType.Tcp : ProtocolType.Udp, port));
        _ = diagnosis.BoundSockets(Sctp, port); // also where the kernel has no SCTP

        PortOwner? owner = _space.Run(() => PortOwner.Find(protocol, at, port));
        Assert.Equal(new PortOwner(Environment.ProcessId, File.ReadAllText("/proc/self/comm").TrimEnd('\n')), owner);
        Assert.Null(_space.Run(() => PortOwner.Find(protocol, IPAddress.Parse(address is "127.0.0.1" ? "127.0.0.2" : "fd00::9"), (ushort)(port ^ 1))));
        using var elsewhere = new TestSpace();
        Assert.Null(elsewhere.Run(() => PortOwner.Find(protocol, at, port)));
    }

    [Fact]
    public void AnotherProgramIsNamed()
    {
        const string Listen = "import socket,sys\ns=socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\nsys.stdin.read()";
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "no python3 to listen with");
        using Process process = Process.Start(new ProcessStartInfo("nsenter", [$"--net=/proc/{Environment.ProcessId}/fd/{_space.Namespace.Number}", "/usr/bin/python3", "-c", Listen])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        ushort port = ushort.Parse(process.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        PortOwner? owner = _space.Run(() => PortOwner.Find(ProtocolType.Tcp, IPAddress.Any, port));
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(process.Id, owner?.Pid); // nsenter becomes the program
        Assert.StartsWith("python3", owner!.Program, StringComparison.Ordinal);
        Assert.Null(_space.Run(() => PortOwner.Find(ProtocolType.Tcp, IPAddress.Any, port)));
    }

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.1", true)]
    [InlineData("::", "10.0.0.1", true)]
    [InlineData("::", "0.0.0.0", true)]
    [InlineData("::", "fd00::1", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("0.0.0.0", "fd00::1", false)]
    [InlineData("fd00::1", "fd00::2", false)]
    public void AddressesCollide(string one, string other, bool collide)
    {
        Assert.Equal(collide, PortOwner.Collides(IPAddress.Parse(one), IPAddress.Parse(other)));
        Assert.Equal(collide, PortOwner.Collides(IPAddress.Parse(other), IPAddress.Parse(one)));
    }

    [Fact]
    public void NoBytesMakeTheParserFail() => Gen.Byte.Array[20, 200].Sample(bytes =>
    {
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), Libc.SOCK_DIAG_BY_FAMILY);
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        Assert.Equal(bytes.Length >= 16 + 72, BoundSocket.Parse(message) is not null);
    });

    private Socket Open(ProtocolType protocol, IPAddress address, bool listens) => _space.Run(() =>
    {
        var socket = new Socket(address.AddressFamily, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        socket.Bind(new IPEndPoint(address, 0));
        if (listens)
        {
            socket.Listen();
        }

        return socket;
    });
}
