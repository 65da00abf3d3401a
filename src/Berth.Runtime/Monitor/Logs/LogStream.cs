using Berth.Linux.Memory;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>One stream on its way into the log: its name, and the beginning of a line whose end has not come yet.</summary>
internal sealed class LogStream(byte[] name) : IDisposable
{
    /// <summary>A longer line is logged in parts of this size, the last of which carries the newline (moby, logger/copier.go).</summary>
    public const int MaxPart = 16 * 1024;

    private PageBuffer? _rest;

    public ReadOnlySpan<byte> Name => name;

    /// <summary>How much of an unfinished part is kept.</summary>
    public int Kept { get; private set; }

    /// <summary>Nanoseconds since 1970 that all parts of the current long line carry; 0: the line has had no part yet.</summary>
    public long PartTime { get; set; }

    public ReadOnlySpan<byte> Rest => _rest is null ? default : _rest.Bytes[..Kept];

    /// <summary>Keeps more of the unfinished part; together never more than <see cref="MaxPart"/>.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        _rest ??= new PageBuffer(MaxPart);
        bytes.CopyTo(_rest.Bytes[Kept..]);
        Kept += bytes.Length;
    }

    public void Forget() => Kept = 0;

    /// <summary>Gives memory back where nothing is kept.</summary>
    public void Release()
    {
        if (Kept == 0)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _rest?.Dispose();
        _rest = null;
    }
}
