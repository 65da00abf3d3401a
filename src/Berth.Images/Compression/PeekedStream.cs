namespace Berth.Images.Compression;

/// <summary>A stream whose first bytes were looked at and can be read again.</summary>
internal sealed class PeekedStream(Stream stream) : Stream
{
    private byte[] _head = [];
    private int _given;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes read so far: the xz decoder aligns its blocks by it.</summary>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>The first bytes, fewer where the stream is shorter. Before any read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        _head = new byte[count];
        int got = stream.ReadAtLeast(_head, count, throwOnEndOfStream: false);
        Array.Resize(ref _head, got);
        return _head;
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        if (_given == _head.Length)
        {
            count = stream.Read(buffer);
        }
        else
        {
            count = Math.Min(buffer.Length, _head.Length - _given);
            _head.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
        }

        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
