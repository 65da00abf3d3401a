using System.Net;
using System.Net.Sockets;

using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Forwarding;

/// <summary>
/// Asks one server. Each query has a socket of its own, connected: so it has a random port besides its random id (RFC 5452, section 9.2),
/// the kernel drops what other addresses send, a closed port is told at once by ICMP, no container's answers wait behind another's, and an idle
/// daemon holds nothing. A table of queries over shared sockets would save about three system calls a query, and would have to do all this itself.
/// </summary>
internal static class Upstream
{
    // We ask for 1,232 bytes, but some servers send more whatever is asked.
    private const int LongestDatagram = 4096;

    // A forger who floods the port is not listened to for longer.
    private const int MostStrangers = 100;

    /// <param name="query">As <see cref="ForwardedQuery"/> wrote it.</param>
    /// <param name="stream">Over TCP. Over UDP an answer that was cut (TC) is asked for again over TCP; where that fails the cut one is good enough.</param>
    /// <param name="timeout">For each of the two.</param>
    /// <returns>An answer to this query; null: none came in time, or the server cannot be reached.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was.</exception>
    public static async ValueTask<MessageBuffer?> AskAsync(
        UpstreamSocketFactory sockets, IPEndPoint server, ReadOnlyMemory<byte> query, bool stream, TimeSpan timeout, CancellationToken cancel)
    {
        if (stream)
        {
            return await TryAsync(AskStreamAsync, sockets, server, query, timeout, cancel).ConfigureAwait(false);
        }

        MessageBuffer? answer = await TryAsync(AskDatagramAsync, sockets, server, query, timeout, cancel).ConfigureAwait(false);
        if (answer is null || !Header.Has(answer.Message.Span, Header.Truncated))
        {
            return answer;
        }

        try
        {
            if (await TryAsync(AskStreamAsync, sockets, server, query, timeout, cancel).ConfigureAwait(false) is not { } whole)
            {
                return answer;
            }

            answer.Dispose();
            return whole;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static async ValueTask<MessageBuffer?> TryAsync(
        Func<UpstreamSocketFactory, IPEndPoint, ReadOnlyMemory<byte>, CancellationToken, ValueTask<MessageBuffer?>> ask,
        UpstreamSocketFactory sockets, IPEndPoint server, ReadOnlyMemory<byte> query, TimeSpan timeout, CancellationToken cancel)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(timeout);
        try
        {
            return await ask(sockets, server, query, attempt.Token).ConfigureAwait(false);
        }
        catch (SocketException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async ValueTask<MessageBuffer?> AskDatagramAsync(
        UpstreamSocketFactory sockets, IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancel)
    {
        using Socket socket = await sockets(server.AddressFamily, ProtocolType.Udp, cancel).ConfigureAwait(false);
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        await socket.SendAsync(query, SocketFlags.None, cancel).ConfigureAwait(false);
        var answer = new MessageBuffer(LongestDatagram);
        try
        {
            for (int strangers = 0; strangers < MostStrangers; strangers++)
            {
                answer.Length = await socket.ReceiveAsync(answer.Whole, SocketFlags.None, cancel).ConfigureAwait(false);
                if (ForwardedAnswer.Answers(answer.Message.Span, query.Span))
                {
                    return answer;
                }
            }
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        answer.Dispose();
        return null;
    }

    private static async ValueTask<MessageBuffer?> AskStreamAsync(
        UpstreamSocketFactory sockets, IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancel)
    {
        using Socket socket = await sockets(server.AddressFamily, ProtocolType.Tcp, cancel).ConfigureAwait(false);
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        await StreamFraming.SendAsync(socket, query, cancel).ConfigureAwait(false);
        MessageBuffer? answer = await StreamFraming.ReadAsync(socket, new byte[StreamFraming.PrefixSize], MessageBuffer.Longest, cancel).ConfigureAwait(false);
        if (answer is null || ForwardedAnswer.Answers(answer.Message.Span, query.Span))
        {
            return answer;
        }

        answer.Dispose();
        return null;
    }
}
