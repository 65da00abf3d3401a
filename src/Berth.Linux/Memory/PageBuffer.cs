using Berth.Linux.Interop;

namespace Berth.Linux.Memory;

/// <summary>
/// A buffer of whole pages outside the garbage-collected heap: it costs memory only where it was touched, and
/// <see cref="Release"/> gives that back to the system while the buffer stays usable.
/// </summary>
public sealed unsafe class PageBuffer : IDisposable
{
    private byte* _start;

    public PageBuffer(int size)
    {
        void* start = Libc.mmap(null, (nuint)size, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if ((nint)start == -1)
        {
            throw LinuxException.Last("mmap", $"{size} bytes");
        }

        _start = (byte*)start;
        Size = size;
    }

    public int Size { get; }

    /// <summary>The bytes. Not to be used after <see cref="Dispose"/>: the pages are gone then.</summary>
    public Span<byte> Bytes => _start == null ? throw new ObjectDisposedException(nameof(PageBuffer)) : new Span<byte>(_start, Size);

    /// <summary>Forgets the content and gives the pages back; they read as zero afterwards. madvise(2), MADV_DONTNEED.</summary>
    public void Release()
    {
        if (_start != null && Libc.madvise(_start, (nuint)Size, Libc.MADV_DONTNEED) < 0)
        {
            throw LinuxException.Last("madvise", $"{Size} bytes");
        }
    }

    public void Dispose()
    {
        if (_start != null)
        {
            _ = Libc.munmap(_start, (nuint)Size);
            _start = null;
        }
    }
}
