using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Networks;

/// <summary>A network namespace (a container's, the host's, another machine's) in which the test itself opens sockets.</summary>
internal sealed class Place : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FileDescriptor _namespace;

    private Place(string path) => _namespace = FileDescriptor.Open(path, Libc.O_RDONLY);

    public static Place Of(Testing.Daemons.NetworkNamespace space) => new(space.Path);

    public static async Task<Place> OfContainerAsync(TestDaemon daemon, string name)
    {
        int pid = (int)(await daemon.Api.JsonAsync($"/containers/{name}/json"))["State"]!["Pid"]!;
        return new Place(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"));
    }

    /// <summary>Listens; an address of ::, for both families.</summary>
    public Socket Listen(IPEndPoint at) => Open(at.AddressFamily, SocketType.Stream, listener =>
    {
        Both(listener, at);
        listener.Bind(at);
        listener.Listen(512);
    });

    /// <summary>Takes datagrams, as <see cref="Listen"/>.</summary>
    public Socket Bind(IPEndPoint at) => Open(at.AddressFamily, SocketType.Dgram, socket =>
    {
        Both(socket, at);
        socket.Bind(at);
    });

    /// <exception cref="SocketException">It is refused, or there is no answer.</exception>
    public async Task<Socket> ConnectAsync(IPEndPoint to, IPAddress? from = null)
    {
        Socket socket = Open(to.AddressFamily, SocketType.Stream, s => s.Bind(new IPEndPoint(from ?? AnyOf(to), 0)));
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(to, patience.Token);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is OperationCanceledException ? new SocketException((int)SocketError.TimedOut) : e;
        }
    }

    /// <summary>What a server says on its own account ("web 198.51.100.2"), or, as "!ConnectionRefused", why it cannot be reached.</summary>
    public async Task<string> AskAsync(string to)
    {
        try
        {
            using Socket socket = await ConnectAsync(IPEndPoint.Parse(to));
            return await LineAsync(socket);
        }
        catch (SocketException e)
        {
            return $"!{e.SocketErrorCode}";
        }
    }

    /// <summary>The same, by a datagram.</summary>
    public async Task<string> AskByDatagramAsync(string to)
    {
        var target = IPEndPoint.Parse(to);
        using Socket socket = Open(target.AddressFamily, SocketType.Dgram, static _ => { });
        try
        {
            await socket.ConnectAsync(target);
            return await AskAsync(socket);
        }
        catch (SocketException e)
        {
            return $"!{e.SocketErrorCode}";
        }
    }

    /// <summary>Asks by a datagram of a connected socket.</summary>
    public static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("?"u8.ToArray());
        return await LineAsync(socket);
    }

    /// <summary>A socket for datagrams of a flow that goes on.</summary>
    public Socket Datagrams(string to, string? from = null)
    {
        var target = IPEndPoint.Parse(to);
        return Open(target.AddressFamily, SocketType.Dgram, s =>
        {
            if (from is not null)
            {
                s.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            }

            s.Connect(target);
        });
    }

    /// <summary>Sends over a connection and awaits the echo.</summary>
    public static async Task<string> EchoAsync(Socket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text + "\n"));
        return await LineAsync(socket);
    }

    /// <summary>A line that the other end sends; "!TimedOut" where it sends none, "" where it closed.</summary>
    public static async Task<string> LineAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            int count = await socket.ReceiveAsync(buffer, patience.Token);
            return Encoding.ASCII.GetString(buffer, 0, count).TrimEnd('\n');
        }
        catch (OperationCanceledException)
        {
            return "!TimedOut";
        }
    }

    public void Dispose() => _namespace.Dispose();

    private Socket Open(AddressFamily family, SocketType type, Action<Socket> prepare) => Linux.Namespaces.NetworkNamespace.Run(_namespace, () =>
    {
        var socket = new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
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
    });

    private static void Both(Socket socket, IPEndPoint at)
    {
        if (at.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }
    }

    private static IPAddress AnyOf(IPEndPoint to) => to.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
}
