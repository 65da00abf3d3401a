using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>One client of a UDP port, with a socket of its own towards the container.</summary>
internal sealed class UdpFlow(UdpProxy proxy, ProxyLoop proxies, InternetAddress client, PacketAddress asked, FileDescriptor container) : ProxySource
{
    private const int MostInATurn = 32;

    public UdpFlowKey Key => new(client, asked.Address);

    /// <summary>When a datagram last went either way, in milliseconds of the monotonic clock.</summary>
    public long LastUsed { get; set; }

    /// <summary>Its place in the list: see <see cref="UdpFlowList"/>.</summary>
    public UdpFlow? Older { get; set; }

    public UdpFlow? Younger { get; set; }

    /// <summary>What the container does not take is lost, as datagrams are.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        proxies.Flows.Used(this, proxies.Now);
        _ = UdpSocket.Send(container, datagram);
    }

    public override void Ready(int side, WatchedEvents found)
    {
        for (int i = 0; i < MostInATurn; i++)
        {
            int n = UdpSocket.Receive(container, proxies.Scratch.Bytes);
            if (n == -Linux.Errno.EAGAIN)
            {
                return;
            }

            if (n >= 0) // otherwise an ICMP error: whoever listens there next gets the client's next datagram
            {
                proxies.Flows.Used(this, proxies.Now);
                proxy.Answer(proxies.Scratch.Bytes[..n], client, asked);
            }
        }
    }

    public override void Close()
    {
        proxies.Flows.Remove(this);
        proxy.Forget(this);
        container.Dispose();
    }
}
