using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>What tells one client of a UDP port from another: where it sends from, and which of the host's addresses it asks, which has to answer.</summary>
internal readonly record struct UdpFlowKey(InternetAddress Client, InternetAddress Asked);
