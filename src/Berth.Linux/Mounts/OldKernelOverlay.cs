using System.Runtime.ExceptionServices;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Mounts;

/// <summary>
/// Overlay mounts for kernels that know no "lowerdir+" (before Linux 6.8; Debian 12 has 6.1): mount(2) with one string of options, which has to fit
/// into a page, so the folders are given relative to the one they all lie in. mount(2) attaches, therefore a thread of its own does it in a
/// mount namespace of its own, takes a detached copy of the mount (open_tree(2)) and ends, and the namespace with it.
/// </summary>
internal static unsafe class OldKernelOverlay
{
    // mount(2): the options are at most one page, with their zero.
    private const int LongestOptions = 4095;

    public static FileDescriptor Create(FileSystemMount mount)
    {
        FileDescriptor? made = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                made = CreateHere(mount);
            }
            catch (LinuxException e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true, Name = "overlay" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!;
    }

    /// <summary>The options as one string, and the folder they are relative to.</summary>
    internal static (string Folder, string Options) Describe(FileSystemMount mount)
    {
        string folder = Common([.. mount.Parameters.Where(p => p.IsPath).Select(p => p.Value!)]);
        var options = new List<string> { "lowerdir=" + string.Join(':', mount.Parameters.Where(p => p.Key == "lowerdir+").Select(p => Relative(folder, p.Value!))) };
        foreach (MountParameter parameter in mount.Parameters.Where(p => p.Key != "lowerdir+"))
        {
            options.Add(parameter.Value is null ? parameter.Key : $"{parameter.Key}={(parameter.IsPath ? Relative(folder, parameter.Value) : parameter.Value)}");
        }

        return (folder, string.Join(',', options));
    }

    private static FileDescriptor CreateHere(FileSystemMount mount)
    {
        (string folder, string options) = Describe(mount);
        if (Encoding.UTF8.GetByteCount(options) > LongestOptions)
        {
            throw new LinuxException("mount", $"{mount.FileSystem} of {mount.Parameters.Count} folders: their names are too long for this kernel (Linux 6.8 takes more)", Errno.E2BIG);
        }

        // Implies an own working directory (unshare(2)), so changing it below moves nobody else.
        Check(Libc.unshare(Libc.CLONE_NEWNS), "unshare", "a mount namespace");
        fixed (byte* root = "/\0"u8, here = ".\0"u8, path = CString.Of(folder), type = CString.Of(mount.FileSystem), source = CString.Of(mount.Source), data = CString.Of(options))
        {
            Check(Libc.mount(null, root, null, Libc.MS_REC | Libc.MS_PRIVATE, null), "mount", "/ as private");
            Check(Libc.chdir(path), "chdir", folder);
            nuint flags = (mount.Attributes & Libc.MOUNT_ATTR_RDONLY) != 0 ? Libc.MS_RDONLY : 0;
            Check(Libc.mount(source, here, type, flags, data), "mount", $"{mount.FileSystem} ({options})");
            var detached = new FileDescriptor();
            nint fd = Libc.open_tree(Libc.SYS_open_tree, Libc.AT_FDCWD, path, Libc.OPEN_TREE_CLONE | Libc.OPEN_TREE_CLOEXEC);
            Check((int)fd, "open_tree", folder);
            System.Runtime.InteropServices.Marshal.InitHandle(detached, fd);
            return detached;
        }
    }

    private static string Common(string[] paths)
    {
        string folder = Path.GetDirectoryName(paths[0])!;
        while (!paths.All(p => p.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal)))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    // A colon parts folders, a comma options; a backslash in front takes the meaning away (linux: fs/overlayfs/super.c, ovl_next_opt, ovl_unescape).
    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private static void Check(int result, string call, string target)
    {
        if (result < 0)
        {
            throw LinuxException.Last(call, target);
        }
    }
}
