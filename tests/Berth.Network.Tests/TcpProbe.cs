using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;

namespace Berth.Network.Tests;

/// <summary>Servers and clients in network namespaces.</summary>
internal static class TcpProbe
{
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
