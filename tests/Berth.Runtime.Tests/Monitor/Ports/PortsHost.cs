using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

/// <summary>A network namespace that is the host's to a monitor: with loopback, and sockets made in it. It goes with the last of its sockets.</summary>
internal sealed class PortsHost : IDisposable
{
    public PortsHost() => Run("ip", "link", "set", "lo", "up");

    public FileDescriptor Namespace { get; } = NetworkNamespace.Create();

    /// <summary>What a daemon hands to a monitor: bound, and listening.</summary>
    public FileDescriptor Publish(string protocol, string endpoint)
    {
        using Socket socket = protocol == "udp" ? Udp(endpoint) : Listen(endpoint);
        return Descriptor(socket);
    }

    public Socket Listen(string endpoint) => In(() => Open(SocketType.Stream, endpoint, s =>
    {
        s.Bind(IPEndPoint.Parse(endpoint));
        s.Listen(512);
    }));

    public Socket Udp(string endpoint) => In(() => Open(SocketType.Dgram, endpoint, s => s.Bind(IPEndPoint.Parse(endpoint))));

    public Socket Connect(string endpoint) => In(() => Open(SocketType.Stream, endpoint, s => s.Connect(IPEndPoint.Parse(endpoint))));

    /// <summary>Nobody holds it any more. A process that another test starts has all of our descriptors until it executes its program.</summary>
    public bool BecomesFree(string protocol, string endpoint) => SpinWait.SpinUntil(() => IsFree(protocol, endpoint), TimeSpan.FromSeconds(5));

    /// <summary>Whether somebody else can have the port.</summary>
    public bool IsFree(string protocol, string endpoint)
    {
        try
        {
            Publish(protocol, endpoint).Dispose();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    public T In<T>(Func<T> work) => NetworkNamespace.Run(Namespace, work);

    public string Run(params string[] command) => RunIn(Namespace, command);

    public static string RunIn(FileDescriptor space, params string[] command)
    {
        string[] arguments = [$"--net=/proc/{Environment.ProcessId}/fd/{space.Number}", .. command];
        using Process process = Process.Start(new ProcessStartInfo("nsenter", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {error}");
        return output;
    }

    public static MonitorPort Port(string protocol, string endpoint, MonitorPortMode mode = MonitorPortMode.Hold, string? target = null)
    {
        var host = IPEndPoint.Parse(endpoint);
        IPEndPoint? to = target is null ? null : IPEndPoint.Parse(target);
        return new MonitorPort
        {
            Protocol = protocol,
            HostAddress = host.Address.ToString(),
            HostPort = (ushort)host.Port,
            Mode = mode,
            TargetAddress = to?.Address.ToString(),
            TargetPort = (ushort)(to?.Port ?? 0),
        };
    }

    public static MonitorPortKey Key(string protocol, string endpoint)
    {
        MonitorPort port = Port(protocol, endpoint);
        return new MonitorPortKey { Protocol = protocol, HostAddress = port.HostAddress, HostPort = port.HostPort };
    }

    public MonitorSetup Setup(MonitorPort port, string endpoint) =>
        new("sleep", "1000") { HostNamespace = Namespace, Ports = [port], Sockets = [Publish(port.Protocol, endpoint)] };

    public void Dispose() => Namespace.Dispose();

    private static Socket Open(SocketType type, string endpoint, Action<Socket> prepare)
    {
        const int deadline = 30_000; // only a hang reaches it
        AddressFamily family = IPEndPoint.Parse(endpoint).AddressFamily;
        var socket = new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp) { ReceiveTimeout = deadline, SendTimeout = deadline };
        try
        {
            prepare(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static FileDescriptor Descriptor(Socket socket)
    {
        int copy = Libc.fcntl((int)socket.Handle, Libc.F_DUPFD_CLOEXEC, 0);
        Assert.True(copy >= 0);
        return new FileDescriptor(copy);
    }
}
