using System.Net.Sockets;

using Berth.Storage;

namespace Berth.Network.Sandboxes;

/// <summary>
/// A daemon's word that a default bridge, and the table and rules named after it, are its own. A second one with the same bridge would take the
/// first one's links away as nobody's. An abstract socket is one a network namespace and goes with its process, however that ends: unix(7).
/// </summary>
internal sealed class BridgeClaim : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private BridgeClaim()
    {
    }

    /// <summary>Claims a bridge in the calling thread's network namespace.</summary>
    /// <exception cref="EngineException">Conflict: another daemon has it.</exception>
    public static BridgeClaim Of(string bridge)
    {
        var claim = new BridgeClaim();
        try
        {
            claim._socket.Bind(new UnixDomainSocketEndPoint($"\0berth/bridge/{bridge}"));
            return claim;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            claim.Dispose();
            throw EngineException.Conflict($"another berthd on this host has the bridge {bridge}: name one of its own with --bridge");
        }
    }

    public void Dispose() => _socket.Dispose();
}
