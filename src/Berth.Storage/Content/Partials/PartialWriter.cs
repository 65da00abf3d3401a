namespace Berth.Storage.Content.Partials;

/// <summary>Writes what is missing of a blob, from any number of connections at once. Its asker has it while it is its turn to fetch.</summary>
public sealed class PartialWriter
{
    private readonly SharedPartial _partial;
    private volatile bool _ended;

    internal PartialWriter(SharedPartial partial) => _partial = partial;

    /// <summary>The whole blob's bytes.</summary>
    public long Size => _partial.Size;

    /// <summary>The bytes that are there.</summary>
    public long Received => _partial.Received;

    /// <summary>What is not there yet, in order; empty: nothing is to be fetched.</summary>
    public IReadOnlyList<ByteRange> Missing() => _partial.Missing();

    /// <summary>Writes bytes at their place. What is there already stays as it is, so a server that answers with more than was asked for does no harm.</summary>
    /// <exception cref="EngineException">Invalid: they go beyond the blob's end. Internal: the disk is full.</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (_ended)
        {
            throw new InvalidOperationException("its turn to fetch is over");
        }

        if (offset < 0 || bytes.Length > Size - offset)
        {
            throw EngineException.Invalid($"content {_partial.Digest} is damaged: more bytes than its {Size} were received");
        }

        _partial.Write(offset, bytes);
    }

    internal void End() => _ended = true;
}
