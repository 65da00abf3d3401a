using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Mounts;

/// <summary>Makes file systems that are attached nowhere: reachable through their descriptor alone, gone when it is closed.</summary>
public static unsafe class DetachedMount
{
    // fsconfig(2) refuses longer strings (linux: fs/fsopen.c, strndup_user(_value, 256)); a path can go as a descriptor instead.
    private const int LongestString = 255;

    /// <summary>Carries a description out. fsopen(2), fsconfig(2), fsmount(2).</summary>
    /// <exception cref="LinuxException">A step failed; its target names the parameter, and what the kernel's log said of it.</exception>
    public static FileDescriptor Create(FileSystemMount mount)
    {
        try
        {
            return CreateNew(mount);
        }
        catch (LinuxException e) when (e is { Call: "fsconfig", Errno: Errno.EINVAL } && mount.Parameters.Any(p => p.Key == "lowerdir+"))
        {
            return OldKernelOverlay.Create(mount);
        }
    }

    private static FileDescriptor CreateNew(FileSystemMount mount)
    {
        using FileDescriptor context = Open(mount.FileSystem);
        Configure(context, mount, new MountParameter("source", mount.Source));
        foreach (MountParameter parameter in mount.Parameters)
        {
            Configure(context, mount, parameter);
        }

        Check(Libc.fsconfig(Libc.SYS_fsconfig, context.Number, Libc.FSCONFIG_CMD_CREATE, null, null, 0), "fsconfig", context, mount, "create");
        var mounted = new FileDescriptor();
        nint fd = Libc.fsmount(Libc.SYS_fsmount, context.Number, Libc.FSMOUNT_CLOEXEC, mount.Attributes);
        Check(fd, "fsmount", context, mount, "mount");
        Marshal.InitHandle(mounted, fd);
        return mounted;
    }

    private static FileDescriptor Open(string fileSystem)
    {
        var context = new FileDescriptor();
        fixed (byte* name = CString.Of(fileSystem))
        {
            nint fd = Libc.fsopen(Libc.SYS_fsopen, name, Libc.FSOPEN_CLOEXEC);
            if (fd < 0)
            {
                throw LinuxException.Last("fsopen", fileSystem);
            }

            Marshal.InitHandle(context, fd);
            return context;
        }
    }

    private static void Configure(FileDescriptor context, FileSystemMount mount, MountParameter parameter)
    {
        fixed (byte* key = CString.Of(parameter.Key))
        {
            if (parameter.Value is null)
            {
                Check(Libc.fsconfig(Libc.SYS_fsconfig, context.Number, Libc.FSCONFIG_SET_FLAG, key, null, 0), "fsconfig", context, mount, parameter.Key);
                return;
            }

            byte[] bytes = CString.Of(parameter.Value);
            if (parameter.IsPath && bytes.Length > LongestString)
            {
                using FileDescriptor folder = FileDescriptor.Open(parameter.Value, Libc.O_PATH | Libc.O_DIRECTORY);
                Check(
                    Libc.fsconfig(Libc.SYS_fsconfig, context.Number, Libc.FSCONFIG_SET_FD, key, null, folder.Number),
                    "fsconfig", context, mount, $"{parameter.Key}={parameter.Value}");
                return;
            }

            fixed (byte* value = bytes)
            {
                Check(
                    Libc.fsconfig(Libc.SYS_fsconfig, context.Number, Libc.FSCONFIG_SET_STRING, key, value, 0),
                    "fsconfig", context, mount, $"{parameter.Key}={parameter.Value}");
            }
        }
    }

    private static void Check(nint result, string call, FileDescriptor context, FileSystemMount mount, string step)
    {
        if (result >= 0)
        {
            return;
        }

        int errno = Marshal.GetLastPInvokeError();
        string log = ReadLog(context);
        throw new LinuxException(call, $"{mount.FileSystem} {step}{(log.Length > 0 ? $" ({log})" : "")}", errno);
    }

    // One message a read, prefixed by its level ("e overlay: …"), ENODATA when there is none left (fsopen(2)).
    private static string ReadLog(FileDescriptor context)
    {
        var log = new StringBuilder();
        byte* buffer = stackalloc byte[512];
        nint n;
        while ((n = Libc.read(context.Number, buffer, 512)) > 0)
        {
            log.Append(log.Length > 0 ? "; " : "").Append(Encoding.UTF8.GetString(buffer, (int)n).TrimEnd('\n'));
        }

        return log.ToString();
    }
}
