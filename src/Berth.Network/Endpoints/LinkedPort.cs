using System.Net.Sockets;

namespace Berth.Network;

/// <summary>A port of a container that a link opens.</summary>
/// <param name="Protocol">TCP, UDP, or 132 for SCTP.</param>
/// <param name="Number">In the container.</param>
public readonly record struct LinkedPort(ProtocolType Protocol, ushort Number);
