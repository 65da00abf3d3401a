using System.Buffers;
using System.Net;
using System.Net.Sockets;

using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Serving;

/// <summary>
/// One container's datagrams. Local names are answered where the datagram is received, without another task; what waits in the socket is
/// taken up without going back to the poller.
/// </summary>
internal sealed class UdpService
{
    // A query has one name of at most 255 bytes; padded ones (RFC 8467) and those with cookies stay below as well. Held per container.
    private const int LongestQuery = 512;

    // On a loopback interface there are no fragments to fear.
    private const int LongestAnswer = 4096;

    // Then another container's turn comes: threads are few, and one container can keep its socket full.
    private const int MostInARow = 32;

    private readonly ClientSession _session;
    private readonly Socket _socket;
    private readonly SocketAddress _from;
    private readonly byte[] _buffer = new byte[LongestQuery];

    /// <param name="socket">Bound. Not owned.</param>
    public UdpService(ClientSession session, Socket socket)
    {
        (_session, _socket) = (session, socket);
        _from = new SocketAddress(socket.AddressFamily);
        // A client that makes its own loopback slow (tc) would hold a thread in send.
        socket.Blocking = false;
    }

    /// <summary>Serves until the socket is closed; whatever goes wrong with one datagram concerns no other.</summary>
    public async Task RunAsync()
    {
        var faults = new FaultPause(_session, "UDP");
        int inARow = 0;
        while (!_session.Closing.IsCancellationRequested)
        {
            try
            {
                ValueTask<int> receiving = _socket.ReceiveFromAsync(_buffer, SocketFlags.None, _from);
                inARow = receiving.IsCompleted ? inARow + 1 : 0;
                Serve(await receiving.ConfigureAwait(false));
                faults.Clear();
                if (inARow >= MostInARow)
                {
                    inARow = 0;
                    await Task.Yield();
                }
            }
            catch (Exception e)
            {
                await faults.AfterAsync(e).ConfigureAwait(false);
            }
        }
    }

    private void Serve(int received)
    {
        if (!Query.TryRead(_buffer.AsSpan(0, received), out Query query))
        {
            return;
        }

        int room = Math.Clamp(query.Payload, Query.SmallestPayload, LongestAnswer);
        byte[] answer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            int length = _session.Resolve(query, answer.AsSpan(0, room), out DnsClient client);
            if (length > 0)
            {
                Send(answer.AsSpan(0, length), _from);
            }
            else
            {
                var from = new SocketAddress(_from.Family, _from.Size);
                _from.Buffer.Span[.._from.Size].CopyTo(from.Buffer.Span);
                _ = ForwardAsync(MessageBuffer.CopyOf(query.Message), client, room, from);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private async Task ForwardAsync(MessageBuffer query, DnsClient client, int room, SocketAddress from)
    {
        using MessageBuffer? answer = await _session.ForwardAsync(query, client, stream: false, room).ConfigureAwait(false);
        if (answer is not null)
        {
            Send(answer.Message.Span, from);
        }
    }

    // A datagram may be lost; the client asks again.
    private void Send(ReadOnlySpan<byte> answer, SocketAddress to)
    {
        try
        {
            _socket.SendTo(answer, SocketFlags.None, to);
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
