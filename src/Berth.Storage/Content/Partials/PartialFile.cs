using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Digests;

using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.Content.Partials;

/// <summary>The bytes of a blob that is being fetched, written and read at any place by several at once.</summary>
internal sealed class PartialFile(string path, Digest digest, long size) : IDisposable
{
    // A SafeFileHandle: closing waits for reads and writes that are under way, so none can meet another file of the same number.
    private readonly SafeFileHandle _file = new(FileDescriptor.Open(path, Libc.O_RDWR | Libc.O_CREAT, 0x180 /* 0600 */).Release(), ownsHandle: true);

    /// <summary>Set once the disk had no room for it.</summary>
    public EngineException? DiskFull { get; private set; }

    /// <summary>Takes the room for the whole blob, so that a disk that is too small is found before anything is fetched.</summary>
    /// <exception cref="EngineException">Internal: the disk is full.</exception>
    public void Reserve()
    {
        try
        {
            // A file system that cannot reserve finds out while writing.
            _ = size == 0 || FileSpace.TryReserve(_file, size, path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG)
        {
            throw Full(e);
        }
    }

    /// <exception cref="EngineException">Internal: the disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (IOException e) when (IsFull(e))
        {
            throw Full(e);
        }
    }

    /// <summary>Writes to the journal beside it, with the same error where there is no room.</summary>
    public void Record(PartialJournal journal, IReadOnlyList<ByteRange> ranges)
    {
        try
        {
            journal.Append(ranges);
        }
        catch (IOException e) when (IsFull(e))
        {
            throw Full(e);
        }
    }

    public int Read(Span<byte> bytes, long offset) => RandomAccess.Read(_file, bytes, offset);

    public void Sync() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();

    // On Unix an IOException's HResult is the errno.
    private static bool IsFull(IOException e) => e.HResult is Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG;

    private EngineException Full(Exception reason)
    {
        return DiskFull = EngineException.Internal(
            $"content {digest} cannot be stored: no space is left for its {size} bytes on the disk of {Path.GetDirectoryName(path)}; free some, for example with \"system prune\"",
            reason);
    }
}
