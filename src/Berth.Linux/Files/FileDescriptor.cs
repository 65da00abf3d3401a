using System.Runtime.InteropServices;

using Berth.Linux.Interop;

using Microsoft.Win32.SafeHandles;

namespace Berth.Linux.Files;

/// <summary>An open descriptor that closes itself. Every one is close-on-exec; who passes it on says so in the parameter's name.</summary>
public sealed unsafe class FileDescriptor() : SafeHandleMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Takes over a descriptor that some call has just returned.</summary>
    public FileDescriptor(int owned)
        : this() => SetHandle(owned);

    /// <summary>The number, for calls that take one. Valid only while this object is kept alive by its owner.</summary>
    public int Number => (int)handle;

    /// <summary>Opens a path of the host's own. open(2); O_CLOEXEC is always added.</summary>
    public static FileDescriptor Open(string path, int flags, uint mode = 0) => OpenAt(null, path, flags, mode);

    /// <summary>Opens a path relative to a folder, for trusted paths only (symlinks are followed anywhere). openat(2).</summary>
    public static FileDescriptor OpenAt(FileDescriptor? folder, string path, int flags, uint mode = 0)
    {
        var opened = new FileDescriptor(); // first: running out of memory later cannot leak a descriptor
        fixed (byte* name = CString.Of(path))
        {
            int fd;
            do
            {
                fd = Libc.openat(folder?.Number ?? Libc.AT_FDCWD, name, flags | Libc.O_CLOEXEC, mode);
            }
            while (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            if (fd < 0)
            {
                throw LinuxException.Last("openat", path);
            }

            opened.SetHandle(fd);
            return opened;
        }
    }

    /// <summary>Opens a path as seen from a root: symlinks and ".." cannot leave it. openat2(2), RESOLVE_IN_ROOT.</summary>
    /// <param name="root">The folder that is "/" for this path.</param>
    /// <param name="path">The untrusted path.</param>
    /// <param name="flags">Flags of open(2); O_CLOEXEC is added.</param>
    /// <param name="mode">Permission bits, only with O_CREAT.</param>
    public static FileDescriptor OpenBelow(FileDescriptor root, string path, int flags, uint mode = 0)
    {
        FileDescriptor? opened = TryOpenBelow(root, path, flags, out int errno, mode);
        return opened ?? throw new LinuxException("openat2", path, errno);
    }

    /// <summary>As <see cref="OpenBelow"/>, but answers null and the errno where a caller branches on the failure.</summary>
    public static FileDescriptor? TryOpenBelow(FileDescriptor root, string path, int flags, out int errno, uint mode = 0)
    {
        var opened = new FileDescriptor();
        var how = new Libc.open_how
        {
            flags = (uint)(flags | Libc.O_CLOEXEC),
            mode = mode,
            resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS,
        };
        fixed (byte* name = CString.Of(path))
        {
            nint fd;
            do
            {
                // EAGAIN: the kernel could not rule out that a rename raced with a ".." (openat2(2)); it wants another try.
                fd = Libc.openat2(Libc.SYS_openat2, root.Number, name, &how, sizeof(Libc.open_how));
                errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
            while (errno is Errno.EINTR or Errno.EAGAIN);

            if (fd < 0)
            {
                return null;
            }

            opened.SetHandle(fd);
            return opened;
        }
    }

    /// <summary>Another descriptor of the same open file, close-on-exec. fcntl(2), F_DUPFD_CLOEXEC.</summary>
    public FileDescriptor Duplicate()
    {
        int fd = Libc.fcntl(Number, Libc.F_DUPFD_CLOEXEC, 0);
        return fd < 0 ? throw LinuxException.Last("fcntl(F_DUPFD_CLOEXEC)", $"descriptor {Number}") : new FileDescriptor(fd);
    }

    /// <summary>Gives the descriptor away: the caller closes it from now on.</summary>
    public int Release()
    {
        int fd = (int)handle;
        SetHandleAsInvalid();
        return fd;
    }

    // EINTR closed it all the same (close(2)), so it is never tried again.
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
