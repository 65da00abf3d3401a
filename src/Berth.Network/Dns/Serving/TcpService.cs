using System.Net.Sockets;

using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Serving;

/// <summary>
/// One container's TCP connections. Each is a task of its own; its queries are answered one after the other, so a client that does not
/// read holds up itself only, and no longer than the time limit.
/// </summary>
internal sealed class TcpService(ClientSession session, Socket listener, DnsLimits limits, ConnectionCount all)
{
    // As over UDP a query is short; what is longer is no query.
    private const int LongestQuery = 4096;

    // Most local answers fit; the rest get the full length in a second go.
    private const int UsualAnswer = 4096;

    private readonly ConnectionCount _own = new(limits.ConnectionsPerClient);

    /// <summary>Accepts until the listener is closed.</summary>
    public async Task RunAsync()
    {
        var faults = new FaultPause(session, "TCP");
        while (!session.Closing.IsCancellationRequested)
        {
            try
            {
                Take(await listener.AcceptAsync().ConfigureAwait(false));
                faults.Clear();
            }
            catch (Exception e)
            {
                await faults.AfterAsync(e).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket connection)
    {
        if (!_own.TryEnter())
        {
            connection.Dispose();
            return;
        }

        if (!all.TryEnter())
        {
            _own.Leave();
            connection.Dispose();
            return;
        }

        _ = ServeAsync(connection);
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            using (var deadline = CancellationTokenSource.CreateLinkedTokenSource(session.Closing))
            {
                connection.NoDelay = true;
                byte[] prefix = new byte[StreamFraming.PrefixSize];
                while (await ServeNextAsync(connection, prefix, deadline).ConfigureAwait(false))
                {
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went, was too slow, or is no longer served.
        }
        catch (Exception e)
        {
            session.Report($"DNS over TCP of container {session.Client.ContainerName}: {e.Message}");
        }
        finally
        {
            _own.Leave();
            all.Leave();
        }
    }

    private async ValueTask<bool> ServeNextAsync(Socket connection, byte[] prefix, CancellationTokenSource deadline)
    {
        deadline.CancelAfter(limits.IdleTimeout);
        if (await StreamFraming.ReadAsync(connection, prefix, LongestQuery, deadline.Token).ConfigureAwait(false) is not { } query)
        {
            return false;
        }

        deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        using MessageBuffer? answer = Local(query, out DnsClient client)
            ?? await session.ForwardAsync(query, client, stream: true, MessageBuffer.Longest).ConfigureAwait(false);
        if (answer is null || answer.Length == 0)
        {
            return false;
        }

        deadline.CancelAfter(limits.IdleTimeout);
        await StreamFraming.SendAsync(connection, answer.Message, deadline.Token).ConfigureAwait(false);
        return true;
    }

    // Null: it has to be forwarded, and the query is still the caller's. An empty answer: it was no query.
    private MessageBuffer? Local(MessageBuffer message, out DnsClient client)
    {
        var answer = new MessageBuffer(UsualAnswer);
        if (!Query.TryRead(message.Message.Span, out Query query))
        {
            client = session.Client;
            message.Dispose();
            return answer;
        }

        answer.Length = session.Resolve(query, answer.Whole.Span, out client);
        if (answer.Length > 0 && Header.Has(answer.Message.Span, Header.Truncated))
        {
            answer.Dispose();
            answer = new MessageBuffer(MessageBuffer.Longest);
            answer.Length = session.Resolve(query, answer.Whole.Span, out client);
        }

        if (answer.Length == 0)
        {
            answer.Dispose();
            return null;
        }

        message.Dispose();
        return answer;
    }
}
