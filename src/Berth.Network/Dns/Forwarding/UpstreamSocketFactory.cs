using System.Net.Sockets;

namespace Berth.Network.Dns.Forwarding;

/// <summary>
/// Opens a socket for one query, in the network namespace that reaches the upstream servers. Neither bound nor connected: the kernel's choice
/// of a random port is half of what keeps a forged answer out. The caller disposes it.
/// </summary>
internal delegate ValueTask<Socket> UpstreamSocketFactory(AddressFamily family, ProtocolType protocol, CancellationToken cancel);
