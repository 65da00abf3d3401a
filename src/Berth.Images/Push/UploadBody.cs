namespace Berth.Images.Push;

/// <summary>A piece of a blob on its way out.</summary>
/// <param name="blob">All of it; owned.</param>
/// <param name="start">The first byte.</param>
/// <param name="length">Bytes of the piece.</param>
/// <param name="reached">Told how far of the blob was read.</param>
internal sealed class UploadBody(Stream blob, long start, long length, Action<long> reached) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        blob.Position = start + _position;
        int count = blob.Read(buffer[..wanted]);
        _position += count;
        reached(start + _position);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            blob.Dispose();
        }

        base.Dispose(disposing);
    }
}
