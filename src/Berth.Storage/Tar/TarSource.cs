namespace Berth.Storage.Tar;

/// <summary>A stream in blocks, with one large buffer from which pieces are handed out.</summary>
internal sealed class TarSource(Stream stream)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(1 << 16);
    private int _start;
    private int _end;

    /// <summary>512 bytes; null at the end of the stream.</summary>
    public byte[]? ReadBlock()
    {
        if (_start == _end && !Fill())
        {
            return null;
        }

        byte[] block = new byte[TarHeader.Length];
        ReadExactly(block);
        return block;
    }

    public void ReadExactly(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> piece = Take(bytes.Length);
            piece.CopyTo(bytes);
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Between one and <paramref name="most"/> bytes, valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(long most)
    {
        if (_start == _end && !Fill())
        {
            throw new TarException("the archive is cut short");
        }

        int count = (int)Math.Min(most, _end - _start);
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, count);
        _start += count;
        return bytes;
    }

    public void Skip(long count)
    {
        while (count > 0)
        {
            // A large file that nobody wants is not read where the stream can jump.
            if (_start == _end && stream.CanSeek && count > _buffer.Length)
            {
                long here = stream.Position;
                if (stream.Length - here < count)
                {
                    throw new TarException("the archive is cut short");
                }

                stream.Position = here + count;
                return;
            }

            count -= Take(count).Length;
        }
    }

    private bool Fill()
    {
        _start = 0;
        _end = stream.Read(_buffer);
        return _end > 0;
    }
}
