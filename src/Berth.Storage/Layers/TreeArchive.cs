using System.Text;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Polling;
using Berth.Linux.Trees;
using Berth.Storage.Tar;

namespace Berth.Storage.Layers;

/// <summary>
/// Writes a tree that is being read as an archive: a layer (OCI image specification, layer.md: whiteouts as ".wh.NAME", ".wh..wh..opq" in folders
/// that hide what is below) or a whole file system. Names are relative, hard links of the tree stay hard links, sockets are left out.
/// What a running container takes away meanwhile is left out; a file that it shortens is filled with zeros, as by GNU tar.
/// </summary>
/// <param name="tar">Where to.</param>
/// <param name="asLayer">A layer: a file whose own name would mean a deletion there is refused.</param>
/// <param name="cancel">The caller no longer wants it.</param>
internal sealed class TreeArchive(TarWriter tar, bool asLayer, CancellationToken cancel)
{
    private static ReadOnlySpan<byte> Whiteout => ".wh."u8;

    private static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    // The times too, since a number that a removed file had is given to the next.
    private readonly Dictionary<(ulong Inode, long Size, long Seconds, uint Nanoseconds), byte[]> _links = [];

    public void Add(TreeItem item)
    {
        cancel.ThrowIfCancellationRequested();
        if (item.IsWhiteout)
        {
            Empty(Beside(item.Path, [.. Whiteout, .. item.Name]), item.Stat);
            return;
        }

        if (asLayer && item.Name.AsSpan().StartsWith(Whiteout))
        {
            throw new TarException($"/{Encoding.UTF8.GetString(item.Path)} cannot be in a layer, where such a name means that a file is deleted: rename or remove it");
        }

        try
        {
            Entry(item);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ELOOP or Errno.ENXIO or Errno.ENODEV)
        {
            return; // removed, or replaced by another kind of file, since it was met; nothing of it was written
        }

        if (item.IsOpaque)
        {
            Empty(item.Path.Length == 0 ? Opaque.ToArray() : [.. item.Path, (byte)'/', .. Opaque], item.Stat);
        }
    }

    private void Entry(TreeItem item)
    {
        uint type = item.Stat.Mode & Libc.S_IFMT;
        if (type == Libc.S_IFSOCK || (item.Path.Length == 0 && IsPlainRoot(item)))
        {
            return;
        }

        if (type != Libc.S_IFDIR && item.Stat.Links > 1 && _links.TryGetValue(LinkKey(item.Stat), out byte[]? first))
        {
            tar.Begin(Describe(item.Path, item.Stat, []) with { Type = TarEntryType.HardLink, LinkName = first });
            return;
        }

        switch (type)
        {
            case Libc.S_IFREG:
                File(item);
                break;
            case Libc.S_IFDIR:
                tar.Begin(Describe(item.Path.Length == 0 ? "./"u8.ToArray() : [.. item.Path, (byte)'/'], item.Stat, Xattrs(item)) with { Type = TarEntryType.Folder });
                return;
            case Libc.S_IFLNK:
                tar.Begin(Describe(item.Path, item.Stat, Xattrs(item)) with { Type = TarEntryType.Symlink, LinkName = item.ReadLink() });
                break;
            default:
                tar.Begin(Describe(item.Path, item.Stat, Xattrs(item)) with { Type = NodeType(type), DeviceMajor = item.Stat.DeviceMajor, DeviceMinor = item.Stat.DeviceMinor });
                break;
        }

        if (item.Stat.Links > 1)
        {
            _links[LinkKey(item.Stat)] = item.Path;
        }
    }

    private void File(TreeItem item)
    {
        using FileDescriptor file = item.OpenFile();

        // What is open now is what is described: the name may mean another file since.
        TreeStat stat = TreeFolder.Stat(file);
        if ((stat.Mode & Libc.S_IFMT) != Libc.S_IFREG)
        {
            throw new LinuxException("openat", Encoding.UTF8.GetString(item.Path), Errno.ENODEV);
        }

        tar.Begin(Describe(item.Path, stat, Xattrs(item)) with { Type = TarEntryType.File, Size = stat.Size });
        Span<byte> room;
        while (!(room = tar.Room()).IsEmpty)
        {
            cancel.ThrowIfCancellationRequested();
            int count = NonBlocking.Read(file, room);
            if (count < 0)
            {
                throw new LinuxException("read", Encoding.UTF8.GetString(item.Path), -count);
            }

            if (count == 0)
            {
                tar.Fill();
                return;
            }

            tar.Advance(count);
        }
    }

    private void Empty(byte[] name, TreeStat stat) => tar.Begin(new TarEntry { Type = TarEntryType.File, Name = name, Seconds = stat.Seconds, Nanoseconds = stat.Nanoseconds });

    private static (ulong Inode, long Size, long Seconds, uint Nanoseconds) LinkKey(TreeStat stat) => (stat.Inode, stat.Size, stat.Seconds, stat.Nanoseconds);

    // As whoever unpacks makes it where the archive has no entry for it; Docker never writes one.
    private static bool IsPlainRoot(TreeItem item) => (item.Stat.Mode & 0xFFF) == 0x1ED && item.Stat is { Uid: 0, Gid: 0 } && Xattrs(item).Count == 0;

    private static TarEntry Describe(byte[] name, TreeStat stat, IReadOnlyList<TreeXattr> xattrs) => new()
    {
        Name = name, Mode = stat.Mode & 0xFFF, Uid = stat.Uid, Gid = stat.Gid, Seconds = stat.Seconds, Nanoseconds = stat.Nanoseconds, Xattrs = xattrs,
    };

    // Overlayfs' own mean nothing elsewhere, and a security label is the machine's, not the file's.
    private static IReadOnlyList<TreeXattr> Xattrs(TreeItem item)
    {
        IReadOnlyList<TreeXattr> all = item.ReadXattrs();
        return all.Count == 0 ? all : [.. all.Where(static x => !IsMachines(x.Name))];
    }

    private static bool IsMachines(ReadOnlySpan<byte> name) =>
        name.StartsWith("trusted.overlay."u8) || name.StartsWith("user.overlay."u8) || name.SequenceEqual("security.selinux"u8);

    private static byte[] Beside(byte[] path, byte[] name)
    {
        int slash = path.AsSpan().LastIndexOf((byte)'/');
        return [.. path.AsSpan(0, slash + 1), .. name];
    }

    private static TarEntryType NodeType(uint type) => type switch
    {
        Libc.S_IFCHR => TarEntryType.CharacterDevice,
        Libc.S_IFBLK => TarEntryType.BlockDevice,
        _ => TarEntryType.Fifo,
    };
}
