using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>
/// With which port a UDP client appears to the container when its address is kept. Its socket takes that port of every program that binds 0.0.0.0 without SO_REUSEADDR, for as
/// long as the client is remembered: the kernel compares a foreign address with 0.0.0.0 as if it were the host's (inet_rcv_saddr_equal in net/ipv4/inet_connection_sock.c), and
/// neither a bound device nor connect(2) changes that. So a client's port is kept only where any program's socket
/// may be anyway. Pure.
/// </summary>
internal static class UdpSource
{
    /// <returns>The client's own port, or 0: the kernel is to choose.</returns>
    public static ushort PortFor(InternetAddress client, EphemeralPorts ephemeral) =>
        ephemeral.Contains(client.Port) ? client.Port : (ushort)0;
}
