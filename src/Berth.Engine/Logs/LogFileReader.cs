using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Logs;

/// <summary>Whole lines of one log file, from an offset on, also those still to be written. Keeps reading the same file when it is renamed by a rotation.</summary>
internal sealed class LogFileReader(SafeFileHandle file, long offset) : IDisposable
{
    private const int Piece = 64 * 1024;

    // A logged line is at most 16 KiB of text, six bytes for one when all is escaped.
    private const int LongestLine = 256 * 1024;

    private byte[] _buffer = new byte[Piece];
    private long _offset = offset;
    private int _start;
    private int _end;

    /// <summary>Owned by this object.</summary>
    public SafeFileHandle File => file;

    public static LogFileReader? TryOpen(string path, long offset)
    {
        try
        {
            return new LogFileReader(System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), offset);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Goes on from another place. Before the first read.</summary>
    public void SkipTo(long offset) => _offset = offset;

    /// <summary>The next line without its newline; false: no whole line is there yet. Valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = _start;
        while (true)
        {
            int newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = _buffer.AsSpan(_start, searched + newline - _start);
                _start = searched + newline + 1;
                return true;
            }

            if (!Fill(ref searched))
            {
                line = default;
                return false;
            }
        }
    }

    /// <summary>Whether the file has bytes that were not read yet.</summary>
    public bool HasMore() => RandomAccess.GetLength(file) > _offset;

    /// <summary>Where the file lies now: a rotation may have renamed it. Null: it was deleted.</summary>
    public string? CurrentPath()
    {
        string? path = System.IO.File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
        return path is null || path.EndsWith(" (deleted)", StringComparison.Ordinal) ? null : path;
    }

    public void Dispose() => file.Dispose();

    private bool Fill(ref int searched)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        searched = _end;
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
            {
                throw new InvalidDataException("a log file has a line that is too long to be one of ours");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = RandomAccess.Read(file, _buffer.AsSpan(_end), _offset);
        _offset += read;
        _end += read;
        return read > 0;
    }
}
