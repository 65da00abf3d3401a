using System.Text;

using Berth.Engine.Spec;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Storage;

using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers;

/// <summary>Files inside a container's root, reached through its descriptor: no symlink of the image leads out of it.</summary>
internal static class RootFiles
{
    // A passwd file of ten thousand users has under 1 MB.
    private const int LargestDatabase = 4 << 20;

    /// <summary>The image's own users and groups; without the files there are none.</summary>
    public static UserDatabase ReadUsers(FileDescriptor root) => UserDatabase.Parse(Read(root, "/etc/passwd"), Read(root, "/etc/group"));

    /// <summary>Makes the working directory, with what is missing above it, as root's.</summary>
    /// <exception cref="EngineException">Invalid: something on the way is no folder.</exception>
    public static void MakeFolders(FileDescriptor root, string path)
    {
        using FileDescriptor? there = FileDescriptor.TryOpenBelow(root, path, Libc.O_PATH | Libc.O_DIRECTORY, out int errno);
        if (there is not null)
        {
            return;
        }

        if (errno != Errno.ENOENT)
        {
            throw Failed(path, errno);
        }

        string parent = path[..Math.Max(1, path.LastIndexOf('/'))];
        MakeFolders(root, parent);
        using FileDescriptor folder = FileDescriptor.OpenBelow(root, parent, Libc.O_PATH | Libc.O_DIRECTORY);
        int made = FolderCalls.Make(folder, path[(path.LastIndexOf('/') + 1)..], 0x1ED); // 0755
        if (made is not (0 or Errno.EEXIST))
        {
            throw Failed(path, made);
        }
    }

    private static EngineException Failed(string path, int errno) =>
        EngineException.Invalid($"cannot make working directory {path} in the container: {Errno.Describe(errno)}");

    private static string? Read(FileDescriptor root, string path)
    {
        // O_NONBLOCK: the image may have put a pipe there, and an open of it would wait for a writer for ever.
        FileDescriptor? opened = FileDescriptor.TryOpenBelow(root, path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY, out int errno);
        if (opened is null)
        {
            return errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO ? null : throw new LinuxException("openat2", path, errno);
        }

        using (opened)
        using (var file = new SafeFileHandle(opened.Number, ownsHandle: false))
        {
            if (!FolderCalls.IsRegularFile(opened))
            {
                return null;
            }

            long length = RandomAccess.GetLength(file);
            if (length > LargestDatabase)
            {
                throw EngineException.Invalid($"{path} of the image has {length} bytes; at most {LargestDatabase} are read");
            }

            byte[] bytes = new byte[length];
            int read = RandomAccess.Read(file, bytes, 0);
            return Encoding.UTF8.GetString(bytes, 0, read);
        }
    }
}
