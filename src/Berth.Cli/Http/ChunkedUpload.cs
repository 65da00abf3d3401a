using System.Globalization;
using System.Text;

using Berth.Linux;
using Berth.Linux.Sockets;

namespace Berth.Cli.Http;

/// <summary>Sends a request's body in chunks until its source ends. RFC 9112, section 7.1.</summary>
internal sealed class ChunkedUpload(StreamSocket socket, Func<byte[], int> read)
{
    public void Run()
    {
        byte[] chunk = new byte[128 * 1024];
        try
        {
            for (int got; (got = read(chunk)) > 0;)
            {
                socket.SendAll(Encoding.ASCII.GetBytes(got.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                socket.SendAll(chunk.AsSpan(0, got));
                socket.SendAll("\r\n"u8);
            }

            socket.SendAll("0\r\n\r\n"u8);
        }
        catch (Exception e) when (e is LinuxException or ConnectionException or ObjectDisposedException)
        {
            // The daemon answered before the end, with an error most likely, which the reader shows. A source that cannot be read ends
            // the body short of its last chunk, so the daemon refuses what it has.
            socket.ShutdownSend();
        }
    }
}
