using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>
/// Makes a tree below one folder from entries of a stranger's archive. Every path is resolved by openat2 with this folder as "/", so symlinks
/// (also those of earlier entries) and ".." end inside; the last component is never followed. What is there already is replaced, but a folder
/// by a folder. Paths are bytes, relative, without empty, "." and ".." components.
/// </summary>
public sealed class TreeWriter : IDisposable
{
    private const ulong InRoot = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS;
    private const int FolderFlags = Libc.O_RDONLY | Libc.O_DIRECTORY;

    // Dangling links to dangling links: the kernel's own bound for following (path_resolution(7)).
    private const int LongestLinkChain = 40;

    private readonly FileDescriptor _root;
    private readonly List<(byte[] Path, long Seconds, uint Nanoseconds)> _times = [];
    private byte[] _parentPath = [];
    private FileDescriptor _parent;

    /// <param name="donatedRoot">The folder to write below; closed with this writer.</param>
    public TreeWriter(FileDescriptor donatedRoot) => _parent = _root = donatedRoot;

    public void MakeFolder(ReadOnlySpan<byte> path, TreeAttributes attributes)
    {
        byte[] whole = path.ToArray();
        if (whole.Length == 0)
        {
            Apply(_root, whole, attributes);
        }
        else
        {
            FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> name);
            using FileDescriptor folder = MakeOrKeepFolder(parent, name, whole);
            Apply(folder, whole, attributes);
        }

        // Making an entry in a folder changes the folder's time, so all times are set at the end.
        _times.Add((whole, attributes.Seconds, attributes.Nanoseconds));
    }

    /// <summary>The caller writes, finishes and disposes it before the next entry.</summary>
    public TreeFile MakeFile(ReadOnlySpan<byte> path)
    {
        byte[] whole = path.ToArray();
        FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> name);
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL;
        FileDescriptor? file = TreeCalls.Open(parent, name, Flags, 0x180 /* 0600 */, out int errno);
        if (errno == Errno.EEXIST)
        {
            Clear(parent, name, whole);
            file = TreeCalls.Open(parent, name, Flags, 0x180, out errno);
        }

        return new TreeFile(file ?? throw new LinuxException("openat", TreeName.Show(whole), errno), whole);
    }

    public void MakeSymlink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target, TreeAttributes attributes)
    {
        byte[] whole = path.ToArray();
        FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> name);
        int errno = TreeCalls.MakeSymlink(target, parent, name);
        if (errno == Errno.EEXIST)
        {
            Clear(parent, name, whole);
            errno = TreeCalls.MakeSymlink(target, parent, name);
        }

        Check(errno, "symlinkat", whole);
        ApplyTo(parent, name, whole, attributes, isSymlink: true);
    }

    /// <param name="path">The new entry.</param>
    /// <param name="type">S_IFCHR, S_IFBLK or S_IFIFO.</param>
    /// <param name="major">Of the device.</param>
    /// <param name="minor">Of the device.</param>
    /// <param name="attributes">Its attributes.</param>
    public void MakeNode(ReadOnlySpan<byte> path, uint type, uint major, uint minor, TreeAttributes attributes)
    {
        byte[] whole = path.ToArray();
        FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> name);
        int errno = TreeCalls.MakeNode(parent, name, type | 0x180, major, minor);
        if (errno == Errno.EEXIST)
        {
            Clear(parent, name, whole);
            errno = TreeCalls.MakeNode(parent, name, type | 0x180, major, minor);
        }

        Check(errno, "mknodat", whole);
        ApplyTo(parent, name, whole, attributes, isSymlink: false);
    }

    /// <summary>One more name for an entry of this tree; the target's own attributes stay.</summary>
    public void MakeHardLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        byte[] whole = path.ToArray();
        int slash = target.LastIndexOf((byte)'/');
        using FileDescriptor folder = TreeCalls.OpenBelow(_root, slash < 0 ? "."u8 : target[..slash], Libc.O_PATH | Libc.O_DIRECTORY, InRoot, out int errno)
            ?? throw new LinuxException("openat2", $"{TreeName.Show(target)}, the target of the hard link {TreeName.Show(whole)}", errno);
        FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> name);
        errno = TreeCalls.MakeHardLink(folder, target[(slash + 1)..], parent, name);
        if (errno == Errno.EEXIST && !IsSame(folder, target[(slash + 1)..], parent, name))
        {
            Clear(parent, name, whole);
            errno = TreeCalls.MakeHardLink(folder, target[(slash + 1)..], parent, name);
        }
        else if (errno == Errno.EEXIST)
        {
            return; // the archive lists the link twice, or links a file to itself
        }

        Check(errno, "linkat", [.. whole, .. " to "u8, .. target]);
    }

    /// <summary>What is at a path now; null: nothing (or no such folder).</summary>
    public TreeStat? Find(ReadOnlySpan<byte> path)
    {
        int slash = path.LastIndexOf((byte)'/');
        using FileDescriptor? folder = TreeCalls.OpenBelow(_root, slash < 0 ? "."u8 : path[..slash], Libc.O_PATH | Libc.O_DIRECTORY, InRoot, out _);
        return folder is not null && TreeCalls.Stat(folder, path[(slash + 1)..], out TreeStat stat) == 0 ? stat : null;
    }

    /// <summary>Sets an extended attribute of a folder, which is made where it is missing.</summary>
    public void SetFolderXattr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte[] whole = path.ToArray();
        if (whole.Length == 0)
        {
            Check(TreeCalls.SetXattr(_root, name, value), "fsetxattr", whole);
            return;
        }

        FileDescriptor parent = Parent(path, out ReadOnlySpan<byte> last);
        using FileDescriptor folder = MakeOrKeepFolder(parent, last, whole);
        Check(TreeCalls.SetXattr(folder, name, value), "fsetxattr", whole);
    }

    /// <summary>Sets the folders' times. Call once, after the last entry.</summary>
    public void Finish()
    {
        foreach ((byte[] path, long seconds, uint nanoseconds) in _times)
        {
            // A folder that a later entry replaced has no time to set.
            using FileDescriptor? folder = TreeCalls.OpenBelow(_root, path.Length == 0 ? "."u8 : path, FolderFlags, InRoot | Libc.RESOLVE_NO_SYMLINKS, out int errno);
            if (folder is not null)
            {
                Check(TreeCalls.SetTimes(folder, [], seconds, nanoseconds), "utimensat", path);
            }
            else if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP))
            {
                Check(errno, "openat2", path);
            }
        }
    }

    public void Dispose()
    {
        ForgetParent();
        _root.Dispose();
    }

    /// <summary>Owner, mode, extended attributes, in the order in which none undoes another (chown clears setuid and capabilities).</summary>
    internal static void Apply(FileDescriptor file, byte[] path, TreeAttributes attributes)
    {
        Check(TreeCalls.Result(Libc.fchown(file.Number, attributes.Uid, attributes.Gid)), "fchown", path);
        Check(TreeCalls.Result(Libc.fchmod(file.Number, attributes.Mode)), "fchmod", path);
        foreach (TreeXattr xattr in attributes.Xattrs)
        {
            CheckXattr(TreeCalls.SetXattr(file, xattr.Name, xattr.Value), xattr, path);
        }
    }

    private static void ApplyTo(FileDescriptor parent, ReadOnlySpan<byte> name, byte[] path, TreeAttributes attributes, bool isSymlink)
    {
        Check(TreeCalls.SetOwnerAndMode(parent, name, attributes.Uid, attributes.Gid, attributes.Mode, isSymlink), "fchownat", path);
        foreach (TreeXattr xattr in attributes.Xattrs)
        {
            CheckXattr(TreeCalls.SetXattrOf(parent, name, xattr.Name, xattr.Value), xattr, path);
        }

        Check(TreeCalls.SetTimes(parent, name, attributes.Seconds, attributes.Nanoseconds), "utimensat", path);
    }

    private static FileDescriptor MakeOrKeepFolder(FileDescriptor parent, ReadOnlySpan<byte> name, byte[] path)
    {
        int errno = TreeCalls.MakeFolder(parent, name, 0x1C0 /* 0700 until its own mode is set */);
        if (errno is 0 or Errno.EEXIST)
        {
            FileDescriptor? folder = TreeCalls.Open(parent, name, FolderFlags, 0, out int why);
            if (folder is null && why is Errno.ENOTDIR or Errno.ELOOP)
            {
                Clear(parent, name, path);
                Check(TreeCalls.MakeFolder(parent, name, 0x1C0), "mkdirat", path);
                folder = TreeCalls.Open(parent, name, FolderFlags, 0, out why);
            }

            return folder ?? throw new LinuxException("openat", TreeName.Show(path), why);
        }

        throw new LinuxException("mkdirat", TreeName.Show(path), errno);
    }

    private static bool IsSame(FileDescriptor folderA, ReadOnlySpan<byte> a, FileDescriptor folderB, ReadOnlySpan<byte> b) =>
        TreeCalls.Stat(folderA, a, out TreeStat first) == 0 && TreeCalls.Stat(folderB, b, out TreeStat second) == 0 && first.Inode == second.Inode;

    // The kept parent folder stays good: what is removed lies in it.
    private static void Clear(FileDescriptor parent, ReadOnlySpan<byte> name, byte[] path) => TreeRemoval.Remove(parent, name, TreeName.Show(path));

    // The folder an entry is made in. Entries of one folder follow each other, so the last is kept open.
    private FileDescriptor Parent(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        int slash = path.LastIndexOf((byte)'/');
        name = path[(slash + 1)..];
        if (name.IsEmpty)
        {
            throw new LinuxException("openat2", "/", Errno.EISDIR);
        }

        ReadOnlySpan<byte> parentPath = slash < 0 ? [] : path[..slash];
        if (!parentPath.SequenceEqual(_parentPath))
        {
            ForgetParent();
            _parent = OpenOrMake(parentPath, 0);
            _parentPath = parentPath.ToArray();
        }

        return _parent;
    }

    private void ForgetParent()
    {
        if (_parent != _root)
        {
            _parent.Dispose();
            _parent = _root;
        }

        _parentPath = [];
    }

    private FileDescriptor OpenOrMake(ReadOnlySpan<byte> path, int links)
    {
        FileDescriptor? folder = TreeCalls.OpenBelow(_root, path.IsEmpty ? "."u8 : path, FolderFlags, InRoot, out int errno);
        if (folder is not null)
        {
            return folder;
        }

        if (errno != Errno.ENOENT || path.IsEmpty || links > LongestLinkChain)
        {
            throw new LinuxException("openat2", TreeName.Show(path), errno);
        }

        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..];
        using FileDescriptor parent = OpenOrMake(slash < 0 ? [] : path[..slash], links + 1);
        errno = TreeCalls.MakeFolder(parent, name, 0x1ED /* 0755 */);
        if (errno == Errno.EEXIST && TreeCalls.ReadLink(parent, name) is { } target)
        {
            // A symlink whose target this layer does not have (the layer below may): the folder it means is made.
            ReadOnlySpan<byte> from = target.AsSpan().StartsWith("/"u8) || slash < 0 ? [] : [.. path[..slash], (byte)'/'];
            return OpenOrMake([.. from, .. target], links + 1);
        }

        Check(errno, "mkdirat", path.ToArray());
        return TreeCalls.Open(parent, name, FolderFlags, 0, out errno) ?? throw new LinuxException("openat", TreeName.Show(path), errno);
    }

    private static void CheckXattr(int errno, TreeXattr xattr, byte[] path)
    {
        // As Docker: what this file system cannot keep is left out, and user.* on what is neither file nor folder cannot be set (xattr(7)).
        // A lost capability would make a program fail later, far from here, so it is an error now.
        bool isUser = xattr.Name.AsSpan().StartsWith("user."u8);
        if (errno != 0 && !(errno == Errno.EOPNOTSUPP && !xattr.Name.AsSpan().SequenceEqual("security.capability"u8)) && !(errno == Errno.EPERM && isUser))
        {
            throw new LinuxException("setxattr", $"{TreeName.Show(xattr.Name)} of {TreeName.Show(path)}", errno);
        }
    }

    private static void Check(int errno, string call, ReadOnlySpan<byte> path)
    {
        if (errno != 0)
        {
            throw new LinuxException(call, TreeName.Show(path), errno);
        }
    }
}
