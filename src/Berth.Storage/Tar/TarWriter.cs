namespace Berth.Storage.Tar;

/// <summary>
/// Writes archives as <see cref="TarReader"/> reads them: ustar where an entry fits it, pax records before it where it does not (long names and
/// links, large numbers, fractions of seconds, extended attributes). The same entries give the same bytes: nothing of the machine, the time or
/// the process gets in. Sparse files are written whole, as every engine's layers are. Blocks its thread on the stream.
/// </summary>
public sealed class TarWriter(Stream sink)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(1 << 18);
    private int _used;
    private long _left;
    private int _padding;

    /// <summary>Begins an entry; a file's <see cref="TarEntry.Size"/> bytes have to follow.</summary>
    /// <exception cref="TarException">No archive can hold it.</exception>
    public void Begin(TarEntry entry)
    {
        if (_left > 0)
        {
            throw new InvalidOperationException($"{_left} bytes of the entry before are missing");
        }

        Put(Zeros(_padding));
        byte[] records = PaxWriter.RecordsOf(entry);
        if (records.Length > 0)
        {
            Header(PaxWriter.EntryOf(entry, records.Length), (byte)'x');
            Put(records);
            Put(Zeros(Padding(records.Length)));
        }

        Header(entry, TarHeaderWriter.TypeFlag(entry.Type));
        (_left, _padding) = entry.Type == TarEntryType.File ? (entry.Size, Padding(entry.Size)) : (0, 0);
    }

    /// <summary>Room to put the next bytes of the entry's file into; empty when it has all. Say with <see cref="Advance"/> how much was used.</summary>
    public Span<byte> Room()
    {
        if (_used == _buffer.Length)
        {
            Flush();
        }

        return _buffer.AsSpan(_used, (int)Math.Min(_buffer.Length - _used, _left));
    }

    /// <summary>The first bytes of <see cref="Room"/> are the file's.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _left);
        _used += count;
        _left -= count;
    }

    /// <summary>The next bytes of the entry's file.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, _left);
        _left -= bytes.Length;
        Put(bytes);
    }

    /// <summary>Gives the rest of the entry's file as zeros: the file became shorter after its length was written.</summary>
    public void Fill()
    {
        while (_left > 0)
        {
            Span<byte> room = Room();
            room.Clear();
            Advance(room.Length);
        }
    }

    /// <summary>Ends the archive with its two zero blocks, and writes out what is buffered.</summary>
    public void Finish()
    {
        if (_left > 0)
        {
            throw new InvalidOperationException($"{_left} bytes of the last entry are missing");
        }

        Put(Zeros(_padding));
        _padding = 0;
        Put(Zeros(2 * TarHeader.Length));
        Flush();
    }

    /// <summary>What is written after so many bytes to fill their last block.</summary>
    public static int Padding(long size) => (int)(-size & (TarHeader.Length - 1));

    private static ReadOnlySpan<byte> Zeros(int count) => new byte[1024].AsSpan(0, count);

    private void Header(TarEntry entry, byte type)
    {
        if (_buffer.Length - _used < TarHeader.Length)
        {
            Flush();
        }

        TarHeaderWriter.Write(entry, type, _buffer.AsSpan(_used, TarHeader.Length));
        _used += TarHeader.Length;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= _buffer.Length)
        {
            Flush();
            sink.Write(bytes); // copying it first would gain nothing
            return;
        }

        while (!bytes.IsEmpty)
        {
            if (_used == _buffer.Length)
            {
                Flush();
            }

            int count = Math.Min(bytes.Length, _buffer.Length - _used);
            bytes[..count].CopyTo(_buffer.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    private void Flush()
    {
        sink.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }
}
