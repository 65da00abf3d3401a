using System.IO.Pipelines;

namespace Berth.Daemon.Http;

/// <summary>A response's body for a thread that may wait: each write is sent before it returns, as fast as the client takes it.</summary>
internal sealed class BlockingBody(PipeWriter body, CancellationToken gone) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        buffer.CopyTo(body.GetSpan(buffer.Length));
        body.Advance(buffer.Length);
        ValueTask<FlushResult> flush = body.FlushAsync(gone);
        FlushResult flushed = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException(gone);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
