using System.Net.Sockets;
using System.Text;

namespace Berth.Daemon.Hosting;

/// <summary>Tells the service manager where it asked for it: sd_notify(3)'s protocol, one datagram.</summary>
internal static class Readiness
{
    public static void Notify(string? socket, string state)
    {
        if (string.IsNullOrEmpty(socket))
        {
            return;
        }

        // "@" stands for the abstract namespace's leading zero byte.
        string address = socket[0] == '@' ? $"\0{socket[1..]}" : socket;
        using var datagram = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            datagram.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // Who asked to be told has gone. That is no reason not to start, and none not to stop cleanly.
        }
    }
}
