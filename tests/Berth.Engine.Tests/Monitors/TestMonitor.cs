using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

using Berth.Engine.Monitors;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;

namespace Berth.Engine.Tests.Monitors;

/// <summary>A monitor's socket, and what is asked there about ports.</summary>
internal sealed class TestMonitor : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-monitor-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public TestMonitor()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    private string SocketPath => Path.Join(_folder, "monitor.sock");

    public MonitorLink Link(string container) => new(container, new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), SocketPath);

    /// <summary>Takes calls and gives each the same reply.</summary>
    /// <returns>Each call, with how many descriptors came with it.</returns>
    public Task<List<(MonitorPorts Call, int Descriptors)>> ServeAsync(int count, string reply) => Task.Run(() =>
    {
        var calls = new List<(MonitorPorts Call, int Descriptors)>();
        for (int i = 0; i < count; i++)
        {
            calls.Add(Serve(reply));
        }

        return calls;
    });

    /// <summary>It ends: nobody listens any more.</summary>
    public void End() => _listener.Dispose();

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (MonitorPorts Call, int Descriptors) Serve(string reply)
    {
        Assert.True(_listener.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead), "nobody called");
        using Socket accepted = _listener.Accept();
        using FileDescriptor connection = new(Libc.fcntl((int)accepted.Handle, Libc.F_DUPFD_CLOEXEC, 0));
        var descriptors = new List<FileDescriptor>();
        byte[] header = Read(accepted, connection, 4, descriptors);
        byte[] body = Read(accepted, connection, BinaryPrimitives.ReadInt32LittleEndian(header), descriptors);
        descriptors.ForEach(d => d.Dispose());
        byte[] json = Encoding.UTF8.GetBytes(reply), length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        _ = accepted.Send([.. length, .. json]);
        return (MonitorReader.Call(body).Ports!, descriptors.Count);
    }

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
