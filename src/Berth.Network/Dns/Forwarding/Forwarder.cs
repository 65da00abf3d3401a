using System.Net;
using System.Security.Cryptography;

using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Forwarding;

/// <summary>Answers from upstream servers, for all containers. Nothing here holds a thread while a server is silent.</summary>
internal sealed class Forwarder(UpstreamSocketFactory sockets, DnsLimits limits)
{
    // As Docker (maxExtDNS) and as resolv.conf(5), MAXNS.
    private const int MostServers = 3;

    // Our own address in a container; a query to it would come back to us for ever.
    private static readonly IPAddress Own = new([127, 0, 0, 11]);

    private readonly SemaphoreSlim _places = new(limits.Forwards);

    /// <summary>Asks the client's servers in order until one answers; one that fails or refuses counts as none, as with Docker.</summary>
    /// <param name="message">A query that <see cref="Resolver"/> wants forwarded.</param>
    /// <param name="stream">The client came over TCP.</param>
    /// <param name="room">Bytes that the client takes.</param>
    /// <returns>The answer for the client: SERVFAIL if there is none, or if the firewall could not be opened for it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was.</exception>
    public async ValueTask<MessageBuffer> AnswerAsync(ReadOnlyMemory<byte> message, bool stream, int room, DnsClient client, CancellationToken cancel)
    {
        if (!await _places.WaitAsync(limits.AttemptTimeout, cancel).ConfigureAwait(false))
        {
            return Failure(message.Span);
        }

        try
        {
            using var query = new MessageBuffer(ForwardedQuery.Longest);
            foreach (IPEndPoint server in client.Upstreams.Take(MostServers).Where(server => !server.Address.Equals(Own)))
            {
                query.Length = Write(message.Span, query.Whole.Span);
                using MessageBuffer? answer = await Upstream.AskAsync(sockets, server, query.Message, stream, limits.AttemptTimeout, cancel).ConfigureAwait(false);
                if (answer is not null && !Failed(answer.Message.Span) && Fit(message.Span, answer.Message.Span, room) is { } fitted)
                {
                    return client.Egress is null ? fitted : await OpenAsync(client, client.Egress, message, answer, fitted, cancel).ConfigureAwait(false);
                }
            }

            return Failure(message.Span);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The answer "the server failed" to a query.</summary>
    public static MessageBuffer Failure(ReadOnlySpan<byte> message, ResponseCode code = ResponseCode.ServerFailure)
    {
        var answer = new MessageBuffer(AnswerWriter.SmallestTarget);
        if (Query.TryRead(message, out Query query))
        {
            answer.Length = new AnswerWriter(query, answer.Whole.Span).Finish(code);
        }

        return answer;
    }

    // The firewall first: the client's packet may come a moment after the answer.
    private static async ValueTask<MessageBuffer> OpenAsync(
        DnsClient client, EgressRule rule, ReadOnlyMemory<byte> message, MessageBuffer whole, MessageBuffer fitted, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<EgressAddress> addresses = EgressAnswer.Addresses(whole.Message.Span);
            if (addresses.Count > 0)
            {
                await rule.Allow(new EgressGrant(client.ContainerId, client.ContainerName, Name(message.Span), addresses), cancel).ConfigureAwait(false);
            }

            EgressAnswer.LimitLifetimes(fitted.Message.Span);
            return fitted;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // Whoever opens the firewall reports its own failures.
            fitted.Dispose();
            return Failure(message.Span);
        }
        catch
        {
            fitted.Dispose();
            throw;
        }
    }

    private static int Write(ReadOnlySpan<byte> message, Span<byte> target)
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return Query.TryRead(message, out Query query) ? ForwardedQuery.Write(query, BitConverter.ToUInt16(id), target) : 0;
    }

    private static bool Failed(ReadOnlySpan<byte> answer) => Header.Code(answer) is ResponseCode.ServerFailure or ResponseCode.Refused;

    private static MessageBuffer? Fit(ReadOnlySpan<byte> message, ReadOnlySpan<byte> answer, int room)
    {
        var fitted = new MessageBuffer(Math.Min(room, Math.Max(Query.SmallestPayload, answer.Length + OptRecord.Size)));
        if (Query.TryRead(message, out Query query) && ForwardedAnswer.TryFit(query, answer, fitted.Whole.Span, out int length))
        {
            fitted.Length = length;
            return fitted;
        }

        fitted.Dispose();
        return null;
    }

    private static string Name(ReadOnlySpan<byte> message)
    {
        Span<char> text = stackalloc char[DomainName.LongestText];
        return Query.TryRead(message, out Query query) ? text[..DomainName.ToText(query.Question.Wire, text)].ToString() : "";
    }
}
