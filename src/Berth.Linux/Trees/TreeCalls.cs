using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>
/// The calls that trees are read and made with: an open folder and a name in bytes. Each answers 0 or the errno, because callers branch on it
/// (EEXIST, ENOENT) for every entry; none follows a symlink at the end of a name.
/// </summary>
internal static unsafe class TreeCalls
{
    /// <summary>Opens a path of any depth as seen from a root: neither symlinks nor ".." leave it.</summary>
    public static FileDescriptor? OpenBelow(FileDescriptor root, ReadOnlySpan<byte> path, int flags, ulong resolve, out int errno)
    {
        byte* text = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(path, text))
        {
            errno = Errno.ENAMETOOLONG;
            return null;
        }

        var opened = new FileDescriptor();
        var how = new Libc.open_how { flags = (uint)(flags | Libc.O_CLOEXEC), resolve = resolve };
        nint fd;
        do
        {
            // EAGAIN: a rename raced with a "..", openat2(2) wants another try.
            fd = Libc.openat2(Libc.SYS_openat2, root.Number, text, &how, sizeof(Libc.open_how));
            errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (errno is Errno.EINTR or Errno.EAGAIN);

        if (fd < 0)
        {
            return null;
        }

        Marshal.InitHandle(opened, fd);
        return opened;
    }

    /// <summary>Opens an entry of a folder itself, never through a symlink.</summary>
    public static FileDescriptor? Open(FileDescriptor folder, ReadOnlySpan<byte> name, int flags, uint mode, out int errno)
    {
        byte* text = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(name, text))
        {
            errno = Errno.ENAMETOOLONG;
            return null;
        }

        var opened = new FileDescriptor();
        int fd;
        do
        {
            fd = Libc.openat(folder.Number, text, flags | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, mode);
            errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (errno == Errno.EINTR);

        if (fd < 0)
        {
            return null;
        }

        Marshal.InitHandle(opened, fd);
        return opened;
    }

    public static int Stat(FileDescriptor folder, ReadOnlySpan<byte> name, out TreeStat stat)
    {
        byte* text = stackalloc byte[TreeName.Room];
        stat = default;
        if (!TreeName.Terminate(name, text))
        {
            return Errno.ENAMETOOLONG;
        }

        Libc.statx_t s;
        int flags = Libc.AT_SYMLINK_NOFOLLOW | (name.IsEmpty ? Libc.AT_EMPTY_PATH : 0);
        int errno = Result(Libc.statx(folder.Number, text, flags, Libc.STATX_BASIC_STATS, &s));
        if (errno == 0)
        {
            stat = new TreeStat(
                s.stx_mode, s.stx_uid, s.stx_gid, (long)s.stx_size, s.stx_mtime.tv_sec, s.stx_mtime.tv_nsec, s.stx_rdev_major, s.stx_rdev_minor,
                s.stx_ino, s.stx_nlink, (long)s.stx_blocks);
        }

        return errno;
    }

    public static int MakeFolder(FileDescriptor folder, ReadOnlySpan<byte> name, uint mode)
    {
        byte* text = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) ? Result(Libc.mkdirat(folder.Number, text, mode)) : Errno.ENAMETOOLONG;
    }

    public static int MakeNode(FileDescriptor folder, ReadOnlySpan<byte> name, uint mode, uint major, uint minor)
    {
        byte* text = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) ? Result(Libc.mknodat(folder.Number, text, mode, TreeName.Device(major, minor))) : Errno.ENAMETOOLONG;
    }

    public static int MakeSymlink(ReadOnlySpan<byte> target, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* pointee = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) && TreeName.Terminate(target, pointee)
            ? Result(Libc.symlinkat(pointee, folder.Number, text)) : Errno.ENAMETOOLONG;
    }

    public static int MakeHardLink(FileDescriptor oldFolder, ReadOnlySpan<byte> oldName, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* old = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) && TreeName.Terminate(oldName, old)
            ? Result(Libc.linkat(oldFolder.Number, old, folder.Number, text, 0)) : Errno.ENAMETOOLONG;
    }

    public static int Rename(FileDescriptor oldFolder, ReadOnlySpan<byte> oldName, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* old = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) && TreeName.Terminate(oldName, old)
            ? Result(Libc.renameat(oldFolder.Number, old, folder.Number, text)) : Errno.ENAMETOOLONG;
    }

    /// <summary>Where a symlink points; null: it is none.</summary>
    public static byte[]? ReadLink(FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* target = stackalloc byte[TreeName.Room];
        nint n = TreeName.Terminate(name, text) ? Libc.readlinkat(folder.Number, text, target, TreeName.Room) : -1;
        return n < 0 ? null : new ReadOnlySpan<byte>(target, (int)n).ToArray();
    }

    public static int Remove(FileDescriptor folder, ReadOnlySpan<byte> name, bool isFolder)
    {
        byte* text = stackalloc byte[TreeName.Room];
        return TreeName.Terminate(name, text) ? Result(Libc.unlinkat(folder.Number, text, isFolder ? Libc.AT_REMOVEDIR : 0)) : Errno.ENAMETOOLONG;
    }

    /// <summary>Owner, then mode of an entry that is not opened. The order matters: chown(2) clears setuid.</summary>
    public static int SetOwnerAndMode(FileDescriptor folder, ReadOnlySpan<byte> name, uint uid, uint gid, uint mode, bool isSymlink)
    {
        byte* text = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(name, text))
        {
            return Errno.ENAMETOOLONG;
        }

        int errno = Result(Libc.fchownat(folder.Number, text, uid, gid, Libc.AT_SYMLINK_NOFOLLOW));
        return errno != 0 || isSymlink ? errno : Result(Libc.fchmodat(folder.Number, text, mode, 0)); // a symlink has no mode
    }

    public static int SetTimes(FileDescriptor folder, ReadOnlySpan<byte> name, long seconds, uint nanoseconds)
    {
        byte* text = stackalloc byte[TreeName.Room];
        if (!TreeName.Terminate(name, text))
        {
            return Errno.ENAMETOOLONG;
        }

        Libc.utime* times = stackalloc Libc.utime[2];
        times[0] = times[1] = new Libc.utime { tv_sec = seconds, tv_nsec = nanoseconds };

        // No name means the folder itself.
        return Result(name.IsEmpty
            ? Libc.futimens(folder.Number, times)
            : Libc.utimensat(folder.Number, text, times, Libc.AT_SYMLINK_NOFOLLOW));
    }

    public static int SetXattr(FileDescriptor file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* text = stackalloc byte[TreeName.Room];
        fixed (byte* bytes = value)
        {
            return TreeName.Terminate(name, text) ? Result(Libc.fsetxattr(file.Number, text, bytes, value.Length, 0)) : Errno.ERANGE;
        }
    }

    /// <summary>For what cannot be opened (symlinks, devices): by way of the folder's /proc link, since setxattrat(2) is of Linux 6.13.</summary>
    public static int SetXattrOf(FileDescriptor folder, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* text = stackalloc byte[TreeName.Room];
        byte* path = stackalloc byte[TreeName.Room];
        fixed (byte* bytes = value)
        {
            return TreeName.Terminate(name, text) && TreeName.Terminate(ByProc(folder, entry), path)
                ? Result(Libc.lsetxattr(path, text, bytes, value.Length, 0)) : Errno.ERANGE;
        }
    }

    public static byte[] ByProc(FileDescriptor folder, ReadOnlySpan<byte> entry)
    {
        byte[] prefix = System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{folder.Number}{(entry.IsEmpty ? "" : "/")}");
        byte[] path = new byte[prefix.Length + entry.Length];
        prefix.CopyTo(path, 0);
        entry.CopyTo(path.AsSpan(prefix.Length));
        return path;
    }

    public static int Result(int returned) => returned < 0 ? Marshal.GetLastPInvokeError() : 0;
}
