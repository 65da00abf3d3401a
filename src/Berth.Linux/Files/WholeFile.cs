using System.Runtime.InteropServices;

using Berth.Linux.Interop;
using Berth.Linux.Memory;

namespace Berth.Linux.Files;

/// <summary>Small files read and replaced as a whole.</summary>
public static unsafe class WholeFile
{
    /// <summary>Reads a file into pages of its own and answers them with the length. A larger file is refused (EFBIG).</summary>
    public static PageBuffer Read(string path, int limit, out int length)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_RDONLY);
        var pages = new PageBuffer(limit + 1);
        length = 0;
        while (true)
        {
            int n = Polling.NonBlocking.Read(file, pages.Bytes[length..]);
            if (n == 0)
            {
                return pages;
            }

            length += Math.Max(n, 0);
            if (n < 0 || length > limit)
            {
                pages.Dispose();
                throw new LinuxException("read", path, n < 0 ? -n : Errno.EFBIG);
            }
        }
    }

    /// <summary>Replaces a file so that readers see the old one or the new one, whole: written aside, renamed over it.</summary>
    /// <param name="path">The file; beside it <c>path.new</c> is used.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="mode">Permission bits.</param>
    /// <param name="durable">Survives a power cut when this returns: the file and its folder are synced.</param>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, uint mode, bool durable)
    {
        string aside = path + ".new";
        using (FileDescriptor file = FileDescriptor.Open(aside, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_NOFOLLOW, mode))
        {
            FileWrite.All(file, bytes, aside);
            if (durable)
            {
                FileSync.Sync(file, aside);
            }
        }

        fixed (byte* from = CString.Of(aside))
        fixed (byte* to = CString.Of(path))
        {
            if (Libc.rename(from, to) < 0)
            {
                throw LinuxException.Last("rename", aside);
            }
        }

        if (durable)
        {
            string folderPath = path[..Math.Max(1, path.LastIndexOf('/'))];
            using FileDescriptor folder = FileDescriptor.Open(folderPath, Libc.O_RDONLY | Libc.O_DIRECTORY);
            FileSync.Sync(folder, folderPath);
        }
    }

    /// <summary>Removes a file; one that is not there is no error.</summary>
    public static void Remove(string path)
    {
        fixed (byte* name = CString.Of(path))
        {
            if (Libc.unlink(name) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOENT)
            {
                throw LinuxException.Last("unlink", path);
            }
        }
    }
}
