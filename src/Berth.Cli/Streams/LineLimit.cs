namespace Berth.Cli.Streams;

/// <summary>Lets so many lines pass and no more.</summary>
internal sealed class LineLimit(long lines)
{
    private long left = lines;

    public bool IsReached => left <= 0;

    /// <summary>The part of the bytes that still passes.</summary>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
        {
            if (left <= 0)
            {
                return bytes[..at];
            }

            left -= bytes[at] == '\n' ? 1 : 0;
        }

        return bytes;
    }
}
