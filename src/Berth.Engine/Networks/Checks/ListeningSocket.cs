using System.Net;
using System.Net.Sockets;

namespace Berth.Engine.Networks.Checks;

/// <summary>A socket that waits for others.</summary>
/// <param name="Address">0.0.0.0 or :: for all addresses.</param>
internal sealed record ListeningSocket(ProtocolType Protocol, IPAddress Address, ushort Port)
{
    public CheckedPort CheckedPort => new(Port, Protocol);

    public bool OnEveryAddress => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
