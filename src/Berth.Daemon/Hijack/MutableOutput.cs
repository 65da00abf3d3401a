using System.IO.Pipelines;

namespace Berth.Daemon.Hijack;

/// <summary>An output that can be silenced: Kestrel ends a response after its handler, and those bytes must not follow the hijacked stream.</summary>
internal sealed class MutableOutput(PipeWriter inner) : PipeWriter
{
    private const int JunkSize = 4096;

    private volatile bool _muted;
    private byte[] _junk = [];

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => _muted ? 0 : inner.UnflushedBytes;

    public void Mute() => _muted = true;

    public override void Advance(int bytes)
    {
        if (!_muted)
        {
            inner.Advance(bytes);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _muted ? Junk(sizeHint) : inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _muted ? Junk(sizeHint) : inner.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        if (!_muted)
        {
            inner.CancelPendingFlush();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (!_muted)
        {
            inner.Complete(exception);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _muted ? new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false)) : inner.FlushAsync(cancellationToken);

    private byte[] Junk(int sizeHint)
    {
        if (_junk.Length < Math.Max(sizeHint, JunkSize))
        {
            _junk = new byte[Math.Max(sizeHint, JunkSize)];
        }

        return _junk;
    }
}
