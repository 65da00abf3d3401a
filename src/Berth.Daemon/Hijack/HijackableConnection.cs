using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Hijack;

/// <summary>
/// A transport connection that a handler can take over. Docker's client half-closes its side on every foreground run, which Kestrel
/// takes as the end of the connection: it aborts the request, and all that is written later is lost. Here the transport's closing is
/// passed on only while Kestrel speaks HTTP on it.
/// </summary>
internal sealed class HijackableConnection : ConnectionContext, IHijackFeature, IDuplexPipe, IDisposable
{
    private readonly ConnectionContext _inner;
    private readonly IDuplexPipe _raw;
    private readonly MutableOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _hijacked;

    public HijackableConnection(ConnectionContext inner)
    {
        _inner = inner;
        _raw = inner.Transport;
        _output = new MutableOutput(_raw.Output);
        Transport = this;
        ConnectionClosed = _closed.Token;
        Features.Set<IHijackFeature>(this);
        _registration = inner.ConnectionClosed.UnsafeRegister(static state => ((HijackableConnection)state!).OnClosed(), this);
    }

    public bool IsHijacked => _hijacked;

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
        _hijacked = true;
        _output.Mute();
        return _raw;
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (!_hijacked)
        {
            _inner.Abort(abortReason);
        }
    }

    public override void Abort()
    {
        if (!_hijacked)
        {
            _inner.Abort();
        }
    }

    /// <summary>Lets go of the transport connection, which its owner disposes.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _closed.Dispose();
    }

    private void OnClosed()
    {
        if (!_hijacked)
        {
            _closed.Cancel();
        }
    }
}
