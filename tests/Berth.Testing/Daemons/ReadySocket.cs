using System.Net.Sockets;
using System.Text;

namespace Berth.Testing.Daemons;

/// <summary>The service manager's end of sd_notify: tells when a daemon is ready, without asking it.</summary>
internal sealed class ReadySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ReadySocket(string path)
    {
        File.Delete(path);
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    public async Task WaitAsync(CancellationToken cancel)
    {
        var buffer = new byte[256];
        while (true)
        {
            int count = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancel).ConfigureAwait(false);
            if (Encoding.UTF8.GetString(buffer, 0, count).Contains("READY=1", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path);
    }
}
