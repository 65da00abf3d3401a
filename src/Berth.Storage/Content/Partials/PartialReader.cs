namespace Berth.Storage.Content.Partials;

/// <summary>Reads a blob while it is fetched: waits where the bytes are not there yet. What it reads is verified only when the fetch has ended.</summary>
internal sealed class PartialReader(PartialBlob asker, SharedPartial partial, CancellationToken cancel) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => partial.Size;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count;
        while ((count = TryRead(buffer)) < 0)
        {
            // Waits for the task itself, not for a continuation on the pool: whoever unpacks has a thread of its own.
            partial.WaitBeyondAsync(_position).Wait(cancel);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, cancellationToken);
        int count;
        while ((count = TryRead(buffer.Span)) < 0)
        {
            await partial.WaitBeyondAsync(_position).WaitAsync(either.Token);
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // -1: nothing is there yet.
    private int TryRead(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        if (asker.Failure is { } failure)
        {
            throw failure;
        }

        if (_position == partial.Size || buffer.IsEmpty)
        {
            return 0;
        }

        long ready = partial.Head - _position;
        if (ready <= 0)
        {
            return -1;
        }

        int count = partial.Read(buffer[..(int)Math.Min(buffer.Length, ready)], _position);
        _position += count;
        return count > 0 ? count : throw new EndOfStreamException($"{partial.Path} is shorter than what was written to it");
    }
}
