using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Getting bytes onto the disk.</summary>
public static class FileSync
{
    /// <summary>A file's bytes and length, or a folder's entries. fsync(2).</summary>
    /// <param name="file">What to sync.</param>
    /// <param name="name">What the error calls it.</param>
    public static void Sync(FileDescriptor file, string name)
    {
        if (Libc.fsync(file.Number) < 0)
        {
            throw LinuxException.Last("fsync", name);
        }
    }

    /// <summary>
    /// Has the kernel begin to write a range to the disk, so that a later <see cref="Sync"/> finds little left to do. Promises nothing by itself, so
    /// a file system that cannot is no error. sync_file_range(2).
    /// </summary>
    public static void Begin(FileDescriptor file, long offset, long length) => _ = Libc.sync_file_range(file.Number, offset, length, Libc.SYNC_FILE_RANGE_WRITE);

    /// <summary>Everything of the file system that <paramref name="any"/> lies on. syncfs(2).</summary>
    public static void SyncFileSystem(FileDescriptor any, string name)
    {
        if (Libc.syncfs(any.Number) < 0)
        {
            throw LinuxException.Last("syncfs", name);
        }
    }
}
