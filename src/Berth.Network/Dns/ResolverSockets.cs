using System.Net;
using System.Net.Sockets;

using Berth.Linux.Conntrack;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Dns;

/// <summary>
/// The embedded server's ends inside a container's namespace: a socket and a listener at ports of the kernel's choice, and rules that send
/// 127.0.0.11:53 there. They do not take port 53 itself: a container may run a name server of its own on every address.
/// </summary>
/// <param name="Udp">Bound.</param>
/// <param name="Tcp">Listening.</param>
internal sealed record ResolverSockets(Socket Udp, Socket Tcp) : IDisposable
{
    private const string Table = "berth-dns";
    private const int Backlog = 64;
    private const ushort DnsPort = 53;

    public static readonly IPAddress Address = IPAddress.Parse("127.0.0.11");

    /// <summary>Opens both in the calling thread's namespace, in which there are none yet.</summary>
    public static ResolverSockets Open() => Open(earlier: false);

    /// <summary>Opens both in place of those that an earlier daemon may have had there.</summary>
    public static ResolverSockets OpenAgain() => Open(earlier: true);

    public void Dispose()
    {
        Udp.Dispose();
        Tcp.Dispose();
    }

    private static ResolverSockets Open(bool earlier)
    {
        var sockets = new ResolverSockets(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            sockets.Udp.Bind(new IPEndPoint(Address, 0));
            sockets.Tcp.Bind(new IPEndPoint(Address, 0));
            sockets.Tcp.Listen(Backlog);
            using NetlinkSocket firewall = NetlinkSocket.Open(Libc.NETLINK_NETFILTER);
            new NfTransaction().Replace(Rules(PortOf(sockets.Udp), PortOf(sockets.Tcp))).Commit(firewall);

            if (earlier)
            {
                // A client that keeps its socket would go on to where the daemon before listened. Not done in vain: the kernel walks through
                // its one table of all namespaces' connections, 10 ms of a start.
                firewall.Forget(new ConnectionFilter(Ipv6: false) { Protocol = ProtocolType.Udp, Destination = Address, DestinationPort = DnsPort });
            }

            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    private static ushort PortOf(Socket socket) => (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;

    private static NfTable Rules(ushort udp, ushort tcp) => new(NfFamily.Ip, Table,
    [
        new NfChain("output", "nat", NfHook.Output, -100, // NF_IP_PRI_NAT_DST of linux/netfilter_ipv4.h
        [
            Rule(ProtocolType.Udp, udp),
            Rule(ProtocolType.Tcp, tcp),
        ]),
    ]);

    private static NfRule Rule(ProtocolType protocol, ushort port) => new(
        null, new NfStatement.Address(Source: false, new IPNetwork(Address, 32)), new NfStatement.Port(protocol, DnsPort), new NfStatement.DestinationTo(Address, port));
}
