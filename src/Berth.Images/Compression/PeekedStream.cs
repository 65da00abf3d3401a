namespace Berth.Images.Compression;

/// <summary>A stream whose first bytes were looked at and can be read again. The xz decoder aligns its blocks by its position.</summary>
internal sealed class PeekedStream(Stream stream) : ForwardStream(stream)
{
    private readonly Stream _stream = stream;
    private byte[] _head = [];
    private int _given;

    /// <summary>The first bytes, fewer where the stream is shorter. Before any read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        _head = new byte[count];
        int got = _stream.ReadAtLeast(_head, count, throwOnEndOfStream: false);
        Array.Resize(ref _head, got);
        return _head;
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        if (_given == _head.Length)
        {
            count = _stream.Read(buffer);
        }
        else
        {
            count = Math.Min(buffer.Length, _head.Length - _given);
            _head.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
        }

        Given += count;
        return count;
    }
}
