using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Serving;

/// <summary>What UDP and TCP of one container share: its record, its share of the forwards, its reports. Safe for concurrent use.</summary>
internal sealed class ClientSession : IDisposable
{
    private readonly Forwarder _forwarder;
    private readonly DnsLimits _limits;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _places;
    private readonly ReportLimit _refusals = new(), _faults = new();
    private readonly Lock _ending = new();
    private volatile DnsClient _client;
    private TaskCompletionSource? _drained;
    private int _pending;

    public ClientSession(DnsClient client, Forwarder forwarder, DnsLimits limits, Action<string> log)
    {
        (_client, _forwarder, _limits, _log) = (client, forwarder, limits, log);
        _places = new SemaphoreSlim(limits.ForwardsPerClient);
        Closing = _closing.Token;
    }

    /// <summary>A query sees the record that is here when it comes, to its end.</summary>
    public DnsClient Client
    {
        get => _client;
        set => _client = value;
    }

    /// <summary>Cancelled when the container is no longer served.</summary>
    public CancellationToken Closing { get; }

    /// <summary>Answers what can be answered from here; reports what is blocked.</summary>
    /// <param name="client">The record that was the client's then.</param>
    /// <returns>Bytes of the answer; 0: it has to be forwarded, by the same record.</returns>
    public int Resolve(Query query, Span<byte> target, out DnsClient client)
    {
        client = _client;
        Verdict verdict = Resolver.Resolve(query, client, target, out int length);
        if (verdict == Verdict.Blocked && client.Egress is { } egress && _refusals.Passes(Now, out int held))
        {
            Span<char> text = stackalloc char[DomainName.LongestText];
            string name = text[..DomainName.ToText(query.Question.Wire, text)].ToString();
            egress.Blocked(new EgressRefusal(client.ContainerId, client.ContainerName, name, held));
        }

        return length;
    }

    /// <summary>Answers from upstream. Disposes the query.</summary>
    /// <returns>Null: the container is no longer served.</returns>
    public async ValueTask<MessageBuffer?> ForwardAsync(MessageBuffer query, DnsClient client, bool stream, int room)
    {
        using (query)
        {
            if (!TryEnter(out bool refused))
            {
                return refused ? Forwarder.Failure(query.Message.Span, ResponseCode.Refused) : null;
            }

            try
            {
                if (!await _places.WaitAsync(_limits.AttemptTimeout, Closing).ConfigureAwait(false))
                {
                    return Forwarder.Failure(query.Message.Span, ResponseCode.Refused);
                }

                try
                {
                    return await _forwarder.AnswerAsync(query.Message, stream, room, client, Closing).ConfigureAwait(false);
                }
                finally
                {
                    _places.Release();
                }
            }
            catch (OperationCanceledException) when (Closing.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception e) when (!Closing.IsCancellationRequested)
            {
                Report($"a DNS query of container {client.ContainerName} could not be forwarded: {e.Message}");
                return Forwarder.Failure(query.Message.Span);
            }
            finally
            {
                Leave();
            }
        }
    }

    /// <summary>Reports a fault; only a few, as the container may be its cause.</summary>
    public void Report(string message)
    {
        if (_faults.Passes(Now, out _))
        {
            _log(message);
        }
    }

    /// <summary>Ends all forwards; done when none is under way, so that nothing is put into the firewall afterwards.</summary>
    public async ValueTask CloseAsync()
    {
        Task drained;
        lock (_ending)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_pending == 0)
            {
                _drained.TrySetResult();
            }

            drained = _drained.Task;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await drained.ConfigureAwait(false);
    }

    public void Dispose() => _closing.Dispose();

    private static long Now => Environment.TickCount64 * TimeSpan.TicksPerMillisecond;

    private bool TryEnter(out bool refused)
    {
        lock (_ending)
        {
            refused = _drained is null && _pending >= _limits.PendingPerClient;
            if (_drained is not null || refused)
            {
                return false;
            }

            _pending++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_ending)
        {
            _pending--;
            if (_pending == 0)
            {
                _drained?.TrySetResult();
            }
        }
    }
}
