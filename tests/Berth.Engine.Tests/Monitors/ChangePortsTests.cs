using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

using Berth.Engine.Monitors;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Sockets;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Tests.Monitors;

/// <summary>What a monitor gets when ports are changed.</summary>
public sealed class ChangePortsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-ports-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ChangePortsTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
    }

    private string Path => System.IO.Path.Join(_folder, "monitor.sock");

    [Fact]
    public async Task ThoseWithASocketComeWithADescriptorEach()
    {
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = ServeAsync(3, "{}");
        using FileDescriptor socket = FileDescriptor.Open("/dev/null", Libc.O_RDONLY);
        ReservedPort[] add = [.. Enumerable.Range(1, 600).Select(i => new ReservedPort(Port(i), i % 2 == 0 ? socket : null))];
        using var link = new MonitorLink("c1", new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), Path);
        await link.ChangePortsAsync(add, [new MonitorPortKey { Protocol = "udp", HostAddress = "::", HostPort = 7 }], TestContext.Current.CancellationToken);
        List<(MonitorPorts Call, int Descriptors)> got = await calls;
        Assert.Equal([125, 125, 50], got.Select(c => c.Descriptors));
        Assert.Equal(add.Select(p => p.Port), got.SelectMany(c => c.Call.Add));
        Assert.Equal([1, 0, 0], got.Select(c => c.Call.Remove.Count));
    }

    [Fact]
    public async Task ARemovalAloneIsOneCall()
    {
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = ServeAsync(1, "{}");
        using var link = new MonitorLink("c1", new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), Path);
        await link.ChangePortsAsync([], [new MonitorPortKey { Protocol = "udp", HostAddress = "::", HostPort = 7 }], TestContext.Current.CancellationToken);
        (MonitorPorts call, int descriptors) = Assert.Single(await calls);
        Assert.Equal((0, 1, 0), (call.Add.Count, call.Remove.Count, descriptors));
    }

    [Fact]
    public async Task ARefusalIsSaid()
    {
        Task calls = ServeAsync(1, """{"failed":{"exitCode":128,"step":"ports","errno":0,"message":"changing ports failed: why"}}""");
        using var link = new MonitorLink("c1", new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), Path);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => link.ChangePortsAsync([new ReservedPort(Port(1), null)], [], TestContext.Current.CancellationToken));
        Assert.Contains("changing ports failed: why", e.Message, StringComparison.Ordinal);
        await calls;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static MonitorPort Port(int number) => new() { Protocol = "tcp", HostAddress = "0.0.0.0", HostPort = (ushort)number };

    private Task<List<(MonitorPorts Call, int Descriptors)>> ServeAsync(int count, string reply) => Task.Run(() =>
    {
        var calls = new List<(MonitorPorts Call, int Descriptors)>();
        for (int i = 0; i < count; i++)
        {
            using Socket accepted = _listener.Accept();
            using FileDescriptor connection = new(Libc.fcntl((int)accepted.Handle, Libc.F_DUPFD_CLOEXEC, 0));
            var descriptors = new List<FileDescriptor>();
            byte[] header = Read(accepted, connection, 4, descriptors);
            byte[] body = Read(accepted, connection, BinaryPrimitives.ReadInt32LittleEndian(header), descriptors);
            calls.Add((MonitorReader.Call(body).Ports!, descriptors.Count));
            descriptors.ForEach(d => d.Dispose());
            byte[] json = Encoding.UTF8.GetBytes(reply), length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            _ = accepted.Send([.. length, .. json]);
        }

        return calls;
    });

    private static byte[] Read(Socket socket, FileDescriptor connection, int length, List<FileDescriptor> descriptors)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            Assert.True(socket.Poll(30_000_000, SelectMode.SelectRead));
            int n = DescriptorPassing.Receive(connection, bytes.AsSpan(got), descriptors, out bool lost);
            Assert.False(lost);
            Assert.True(n > 0, $"recvmsg: {n}");
            got += n;
        }

        return bytes;
    }
}
