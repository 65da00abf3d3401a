using System.Net.Sockets;

using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Serving;

namespace Berth.Network.Dns;

/// <summary>
/// The DNS server at 127.0.0.11 of every container on user-defined networks. It has no port and no thread of its own: each container brings a socket and a
/// listener from its network namespace. Safe for concurrent use.
/// </summary>
/// <param name="sockets">Opens sockets to upstream servers.</param>
/// <param name="limits">How much may be under way at once.</param>
/// <param name="log">Where what nobody waits for is reported.</param>
internal sealed class DnsServer(UpstreamSocketFactory sockets, DnsLimits limits, Action<string> log)
{
    private readonly Forwarder _forwarder = new(sockets, limits);
    private readonly ConnectionCount _connections = new(limits.Connections);

    /// <summary>
    /// Serves a container until the handle is disposed. Not to be called by a thread that is inside a container's network namespace: threads that
    /// start meanwhile would stay there.
    /// </summary>
    /// <param name="udp">Bound. Owned from now on.</param>
    /// <param name="tcp">Listening. Owned from now on.</param>
    public ServedClient Serve(Socket udp, Socket tcp, DnsClient client) =>
        new(new ClientSession(client, _forwarder, limits, log), udp, tcp, limits, _connections);
}
