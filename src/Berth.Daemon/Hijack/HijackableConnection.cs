using System.IO.Pipelines;
using System.Net;
using Berth.Linux.Polling;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Hijack;

/// <summary>
/// A transport connection that a handler can take over. Docker's client half-closes its side on every foreground run, which the
/// transport reports as the end of the connection: Kestrel then aborts the request, and all that is written later is lost. So Kestrel
/// is told of an end only when the peer is really gone; the end of a client's input it sees in the input itself.
/// </summary>
internal sealed class HijackableConnection : ConnectionContext, IHijackFeature, IDuplexPipe, IDisposable
{
    private readonly ConnectionContext _inner;
    private readonly IDuplexPipe _raw;
    private readonly MutableOutput _output;
    private readonly HijackedConnections _hijacked;
    private readonly IDisposable _watch;

    // Not disposed: it holds nothing, and its token may still be in use by the last continuations of a stream.
    private readonly CancellationTokenSource _gone = new();

    public HijackableConnection(ConnectionContext inner, HangupWatcher watcher, HijackedConnections hijacked)
    {
        _inner = inner;
        _raw = inner.Transport;
        _output = new MutableOutput(_raw.Output);
        _hijacked = hijacked;
        Transport = this;
        ConnectionClosed = _gone.Token;
        Features.Set<IHijackFeature>(this);
        int socket = (int)inner.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.SafeHandle.DangerousGetHandle();
        _watch = watcher.Watch(socket, End);
    }

    public bool IsHijacked { get; private set; }

    public CancellationToken Gone => _gone.Token;

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    PipeReader IDuplexPipe.Input => _raw.Input;

    PipeWriter IDuplexPipe.Output => _output;

    public IDuplexPipe Hijack()
    {
        IsHijacked = true;
        _hijacked.Add(this);
        _output.Mute();
        return _raw;
    }

    /// <summary>Ends it as if the client had left. Not on the caller's thread: what waits for the token may do work.</summary>
    public void End() => ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _gone, preferLocal: false);

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override void Abort() => _inner.Abort();

    /// <summary>Lets go of the transport connection, which its owner disposes.</summary>
    public void Dispose()
    {
        _hijacked.Remove(this);
        _watch.Dispose();
    }
}
