using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Firewall;

/// <summary>A container that may reach one port of another although their network keeps its containers apart (--link with icc off).</summary>
internal sealed record AllowedPair(IPAddress From, IPAddress To, ProtocolType Protocol, ushort Port);
