using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;

namespace Berth.Network.Tests;

/// <summary>Servers and clients in network namespaces.</summary>
internal static class TcpProbe
{
    /// <summary>The first socket that waits starts .NET's one thread for all of them: it must not be born in a namespace under test.</summary>
    [ModuleInitializer]
    internal static void StartSocketThread()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = socket.ReceiveAsync(new byte[1], SocketFlags.None);
    }

    /// <summary>Waits until a connection succeeds: a new bridge port passes packets only some time after it is up (linkwatch).</summary>
    public static Task ReachesAsync(FileDescriptor space, EndPoint target) => TestHost.UntilAsync(() => Connect(space, target) is null, $"{target} is reached");

    /// <summary>A server in a namespace; connections to it succeed without anybody accepting.</summary>
    public static Socket Listen(FileDescriptor space, IPAddress address, int port = 0) => NetworkNamespace.Run(space, () =>
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen();
        return listener;
    });

    /// <summary>Null: connected; otherwise why not. Where packets are dropped there is no answer, and the test waits a second for none.</summary>
    public static SocketError? Connect(FileDescriptor space, EndPoint target) => NetworkNamespace.Run<SocketError?>(space, () =>
    {
        using var client = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            client.Connect(target);
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
            {
                return SocketError.TimedOut;
            }

            var error = (SocketError)(int)client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            return error == SocketError.Success ? null : error;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    });
}
