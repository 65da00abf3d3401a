using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Pty;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Init;

/// <summary>
/// A terminal on a container's own devpts, so that tty(1) and /dev/pts/0 are right inside. For a first process the parent makes the file system
/// as a detached mount and opens the terminal there before the clone; the child only attaches the mount. No descriptor is passed back.
/// </summary>
internal sealed unsafe class ContainerTerminal : IDisposable
{
    private ContainerTerminal(FileDescriptor? fileSystem, FileDescriptor master, FileDescriptor slave)
    {
        FileSystem = fileSystem;
        Master = master;
        Slave = slave;
    }

    /// <summary>The devpts to attach; null for an exec, whose container has one.</summary>
    public FileDescriptor? FileSystem { get; }

    /// <summary>Closed with this, unless taken.</summary>
    public FileDescriptor? Master { get; private set; }

    public FileDescriptor Slave { get; }

    /// <summary>A new devpts with the options that the spec gives for /dev/pts, and a terminal on it.</summary>
    public static ContainerTerminal Create(RuntimeSpec spec)
    {
        Mount mount = spec.Mounts?.FirstOrDefault(m => m.Type == "devpts" && TargetPlanning.Trim(m.Destination ?? "") == "dev/pts")
            ?? throw ContainerPlanning.Refusal("process.terminal", "is set, but no devpts is mounted on /dev/pts");
        MountOptions options = MountOptions.Parse(mount.Options, "mounts");
        MountParameter[] parameters = [.. MountParameter.Parse(options.Data).Where(p => p.Key != "newinstance")]; // every one is, since Linux 4.7
        FileDescriptor fileSystem = DetachedMount.Create(new FileSystemMount("devpts", mount.Source ?? "devpts", parameters, MountOptions.AttributesOf(options.Set, 0).Set));
        try
        {
            return Open(fileSystem, FileDescriptor.OpenAt(fileSystem, "ptmx", Libc.O_RDWR | Libc.O_NOCTTY), spec.Process?.ConsoleSize);
        }
        catch
        {
            fileSystem.Dispose();
            throw;
        }
    }

    /// <summary>One more terminal of a running container.</summary>
    public static ContainerTerminal OpenIn(int pid, ConsoleSize? size)
    {
        using FileDescriptor root = FileDescriptor.Open($"/proc/{pid}/root", Libc.O_PATH | Libc.O_DIRECTORY);
        using FileDescriptor found = FileDescriptor.OpenBelow(root, "dev/pts/ptmx", Libc.O_PATH);

        // The container may have put anything there, a device of the host's among it, and opening one can have effects: look before.
        Libc.statfs_data data;
        if (Libc.fstatfs(found.Number, &data) < 0 || data.f_type != Libc.DEVPTS_SUPER_MAGIC || (FileType.Of(found) & Libc.S_IFMT) != Libc.S_IFCHR)
        {
            throw new LinuxException("open", "/dev/pts/ptmx of the container, which is none", Errno.ENOTTY);
        }

        return Open(null, FileDescriptor.Open($"/proc/self/fd/{found.Number}", Libc.O_RDWR | Libc.O_NOCTTY), size);
    }

    /// <summary>Gives the master away.</summary>
    public FileDescriptor? Take()
    {
        FileDescriptor? master = Master;
        Master = null;
        return master;
    }

    public void Dispose()
    {
        Master?.Dispose();
        FileSystem?.Dispose();
        Slave.Dispose();
    }

    private static ContainerTerminal Open(FileDescriptor? fileSystem, FileDescriptor master, ConsoleSize? size)
    {
        try
        {
            PseudoTerminal.Unlock(master);
            if (size is { Height: > 0, Width: > 0 })
            {
                PseudoTerminal.Resize(master, (ushort)size.Height, (ushort)size.Width);
            }

            return new ContainerTerminal(fileSystem, master, PseudoTerminal.OpenPeer(master));
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }
}
