using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Memory;
using Berth.Linux.Polling;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// The file that whole lines are appended to, with its older ones (<c>path.1</c> is the youngest). Never holds a torn line: what a full disk cut off,
/// or a monitor that was killed in the middle of a write, is taken back. A write that fails is answered, not thrown: the container goes on.
/// </summary>
internal sealed unsafe class LogFile : IDisposable
{
    /// <summary>The longest line: 16 KiB, six bytes for one. No torn end is longer.</summary>
    private const int LongestTail = 128 * 1024;

    private readonly string _path;
    private readonly long _maxSize;
    private readonly int _maxFiles;
    private FileDescriptor? _file;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">The current file.</param>
    /// <param name="maxSize">Bytes before it is rotated; 0: never.</param>
    /// <param name="maxFiles">Files kept in all, at least 1.</param>
    public LogFile(string path, long maxSize, int maxFiles)
    {
        _path = path;
        _maxSize = maxSize;
        _maxFiles = Math.Max(1, maxFiles);
        _file = Open();
        Length = Libc.lseek(_file.Number, 0, Libc.SEEK_END);
        DropTornEnd();
    }

    /// <summary>Bytes in the current file.</summary>
    public long Length { get; private set; }

    /// <summary>Whether so many more bytes would make the file longer than it may be.</summary>
    public bool WouldOverflow(long more) => _maxSize > 0 && Length + more > _maxSize && more > 0;

    /// <summary>Appends whole lines with one write. False: none of it was kept.</summary>
    public bool TryAppend(ReadOnlySpan<byte> lines)
    {
        try
        {
            _file ??= Open();
        }
        catch (LinuxException)
        {
            return false;
        }

        int done = 0;
        while (done < lines.Length)
        {
            int n = NonBlocking.Write(_file, lines[done..]);
            if (n < 0)
            {
                _ = Libc.ftruncate(_file.Number, (nint)Length);
                return false;
            }

            done += n;
        }

        Length += lines.Length;
        return true;
    }

    /// <summary>Makes room: the oldest file goes, the others move by one. Readers keep what they have open, nothing is cut under them.</summary>
    public void Rotate()
    {
        if (_maxFiles > 1)
        {
            for (int i = _maxFiles - 1; i > 0; i--)
            {
                Move(i == 1 ? _path : $"{_path}.{i - 1}", $"{_path}.{i}");
            }
        }
        else
        {
            fixed (byte* path = CString.Of(_path))
            {
                _ = Libc.unlink(path);
            }
        }

        _file?.Dispose();
        _file = null;
        Length = 0;
        try
        {
            _file = Open();
            Length = Libc.lseek(_file.Number, 0, Libc.SEEK_END);
        }
        catch (LinuxException)
        {
            // No inode left, say: the next append tries again, and counts its lines as lost as long as it fails.
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileDescriptor Open() =>
        FileDescriptor.Open(_path, Libc.O_RDWR | Libc.O_APPEND | Libc.O_CREAT | Libc.O_NOFOLLOW, 0x1A0); // 0640, as Docker's

    private static void Move(string from, string to)
    {
        fixed (byte* source = CString.Of(from))
        fixed (byte* target = CString.Of(to))
        {
            _ = Libc.rename(source, target); // ENOENT: not so many files yet
        }
    }

    private void DropTornEnd()
    {
        Span<byte> last = stackalloc byte[1];
        if (Length == 0 || (ReadAt(Length - 1, last) && last[0] == (byte)'\n'))
        {
            return;
        }

        long start = Math.Max(0, Length - LongestTail);
        using var tail = new PageBuffer(LongestTail);
        Span<byte> bytes = tail.Bytes[..(int)(Length - start)];
        if (!ReadAt(start, bytes))
        {
            return;
        }

        int whole = bytes.LastIndexOf((byte)'\n') + 1;
        if ((whole > 0 || start == 0) && Libc.ftruncate(_file!.Number, (nint)(start + whole)) == 0)
        {
            Length = start + whole;
        }
    }

    private bool ReadAt(long offset, Span<byte> into)
    {
        _ = Libc.lseek(_file!.Number, (nint)offset, Libc.SEEK_SET);
        while (!into.IsEmpty)
        {
            int n = NonBlocking.Read(_file, into);
            if (n <= 0)
            {
                return false;
            }

            into = into[n..];
        }

        return true;
    }
}
