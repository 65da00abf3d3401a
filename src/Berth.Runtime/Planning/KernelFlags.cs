using System.Globalization;

using Berth.Linux.Interop;

namespace Berth.Runtime.Planning;

/// <summary>Numbers of the kernel with the names they are shown by.</summary>
internal static class KernelFlags
{
    private static readonly (long, string)[] CloneNames =
    [
        (Libc.CLONE_NEWNS, "CLONE_NEWNS"), (Libc.CLONE_NEWCGROUP, "CLONE_NEWCGROUP"), (Libc.CLONE_NEWUTS, "CLONE_NEWUTS"),
        (Libc.CLONE_NEWIPC, "CLONE_NEWIPC"), (Libc.CLONE_NEWUSER, "CLONE_NEWUSER"), (Libc.CLONE_NEWPID, "CLONE_NEWPID"),
        (Libc.CLONE_NEWNET, "CLONE_NEWNET"),
    ];

    private static readonly (long, string)[] OpenNames =
    [
        (Libc.O_WRONLY, "O_WRONLY"), (Libc.O_RDWR, "O_RDWR"), (Libc.O_CREAT, "O_CREAT"), (Libc.O_EXCL, "O_EXCL"), (Libc.O_NOCTTY, "O_NOCTTY"),
        (Libc.O_TRUNC, "O_TRUNC"), (Libc.O_APPEND, "O_APPEND"), (Libc.O_DIRECTORY, "O_DIRECTORY"), (Libc.O_NOFOLLOW, "O_NOFOLLOW"),
        (Libc.O_CLOEXEC, "O_CLOEXEC"), (Libc.O_PATH, "O_PATH"),
    ];

    private static readonly (long, string)[] MountNames =
    [
        (Libc.MS_RDONLY, "MS_RDONLY"), (Libc.MS_NOSUID, "MS_NOSUID"), (Libc.MS_NODEV, "MS_NODEV"), (Libc.MS_NOEXEC, "MS_NOEXEC"),
        (Libc.MS_SYNCHRONOUS, "MS_SYNCHRONOUS"), (Libc.MS_REMOUNT, "MS_REMOUNT"), (Libc.MS_MANDLOCK, "MS_MANDLOCK"), (Libc.MS_DIRSYNC, "MS_DIRSYNC"),
        (Libc.MS_NOSYMFOLLOW, "MS_NOSYMFOLLOW"), (Libc.MS_NOATIME, "MS_NOATIME"), (Libc.MS_NODIRATIME, "MS_NODIRATIME"), (Libc.MS_BIND, "MS_BIND"),
        (Libc.MS_REC, "MS_REC"), (Libc.MS_SILENT, "MS_SILENT"), (Libc.MS_UNBINDABLE, "MS_UNBINDABLE"), (Libc.MS_PRIVATE, "MS_PRIVATE"),
        (Libc.MS_SLAVE, "MS_SLAVE"), (Libc.MS_SHARED, "MS_SHARED"), (Libc.MS_RELATIME, "MS_RELATIME"), (Libc.MS_I_VERSION, "MS_I_VERSION"),
        (Libc.MS_STRICTATIME, "MS_STRICTATIME"), (Libc.MS_LAZYTIME, "MS_LAZYTIME"),
    ];

    private static readonly (long, string)[] AttributeNames =
    [
        (Libc.MOUNT_ATTR_RDONLY, "MOUNT_ATTR_RDONLY"), (Libc.MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NOSUID"), (Libc.MOUNT_ATTR_NODEV, "MOUNT_ATTR_NODEV"),
        (Libc.MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_NOEXEC"), (Libc.MOUNT_ATTR__ATIME, "MOUNT_ATTR__ATIME"), (Libc.MOUNT_ATTR_NOATIME, "MOUNT_ATTR_NOATIME"),
        (Libc.MOUNT_ATTR_STRICTATIME, "MOUNT_ATTR_STRICTATIME"), (Libc.MOUNT_ATTR_NODIRATIME, "MOUNT_ATTR_NODIRATIME"),
        (Libc.MOUNT_ATTR_NOSYMFOLLOW, "MOUNT_ATTR_NOSYMFOLLOW"),
    ];

    public static Argument Cwd { get; } = new Argument.Number(Libc.AT_FDCWD, "AT_FDCWD");

    public static Argument EmptyPath { get; } = new Argument.Number(Libc.AT_EMPTY_PATH, "AT_EMPTY_PATH");

    /// <summary>open_tree(2) of a descriptor itself.</summary>
    public static Argument CloneTree { get; } = Named(Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC | Libc.AT_EMPTY_PATH, "AT_EMPTY_PATH|OPEN_TREE_CLONE");

    public static Argument CloneTreeRecursive { get; } =
        Named(Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC | Libc.AT_EMPTY_PATH | Libc.AT_RECURSIVE, "AT_EMPTY_PATH|OPEN_TREE_CLONE|AT_RECURSIVE");

    /// <summary>move_mount(2) from one descriptor onto another.</summary>
    public static Argument MoveEmptyPaths { get; } =
        Named(Libc.MOVE_MOUNT_F_EMPTY_PATH | Libc.MOVE_MOUNT_T_EMPTY_PATH, "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH");

    public static Argument Named(long value, string name) => new Argument.Number(value, name);

    public static Argument Octal(long mode) => Named(mode, "0" + Convert.ToString(mode, 8));

    public static string Clone(long flags) => Join(flags, CloneNames);

    public static Argument CloneFlag(long flags) => Named(flags, Join(flags, CloneNames));

    public static Argument Open(long flags) => Named(flags | Libc.O_CLOEXEC, Join(flags & ~(long)Libc.O_CLOEXEC, OpenNames, "O_RDONLY"));

    public static Argument Mount(uint flags) => Named(flags, Join(flags, MountNames));

    /// <summary>struct mount_attr.</summary>
    public static Argument MountAttributes(uint set, uint clear, uint propagation)
    {
        byte[] data = new byte[32];
        BitConverter.TryWriteBytes(data.AsSpan(0), (ulong)set);
        BitConverter.TryWriteBytes(data.AsSpan(8), (ulong)clear);
        BitConverter.TryWriteBytes(data.AsSpan(16), (ulong)propagation);
        var parts = new List<string>();
        if (set != 0)
        {
            parts.Add($"set={Join(set, AttributeNames)}");
        }

        if (clear != 0)
        {
            parts.Add($"clear={Join(clear, AttributeNames)}");
        }

        if (propagation != 0)
        {
            parts.Add($"propagation={Join(propagation, MountNames)}");
        }

        return new Argument.Block(data, $"{{{string.Join(", ", parts)}}}");
    }

    private static string Join(long flags, (long Bit, string Name)[] names, string zero = "0")
    {
        var shown = new List<string>();
        foreach ((long bit, string name) in names)
        {
            if ((flags & bit) == bit)
            {
                shown.Add(name);
                flags &= ~bit;
            }
        }

        if (flags != 0)
        {
            shown.Add("0x" + flags.ToString("x", CultureInfo.InvariantCulture));
        }

        return shown.Count == 0 ? zero : string.Join('|', shown);
    }
}
