using System.Text;

using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Tar;

namespace Berth.Storage.Layers;

/// <summary>
/// Turns a layer's archive into an upper folder of overlayfs. ".wh.NAME" becomes a character device 0:0 called NAME, ".wh..wh..opq" makes its
/// folder opaque (OCI image specification, layer.md, "Whiteouts"; linux: Documentation/filesystems/overlayfs.rst). A whiteout speaks of the
/// layers below only: what the same layer has under that name stays, before or after it.
/// </summary>
internal sealed class LayerUnpacker(TreeWriter tree, TarReader archive, CancellationToken cancel)
{
    private static ReadOnlySpan<byte> Whiteout => ".wh."u8;

    private static ReadOnlySpan<byte> Special => ".wh..wh."u8;

    private static ReadOnlySpan<byte> OpaqueXattr => "trusted.overlay.opaque"u8;

    private bool _anyWhiteout;

    /// <summary>Bytes of regular files and of symlinks' targets, as Docker counts a layer's size.</summary>
    public long Size { get; private set; }

    /// <exception cref="TarException">The archive is damaged or leaves its root.</exception>
    /// <exception cref="Linux.LinuxException">An entry could not be made.</exception>
    public void Run()
    {
        while (archive.Next() is { } entry)
        {
            cancel.ThrowIfCancellationRequested();
            byte[] path = TarPath.Clean(entry.Name);
            TarPath.Split(path, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name);
            if (name.StartsWith(Whiteout))
            {
                Hide(folder, name);
            }
            else
            {
                Make(entry, path);
            }
        }

        tree.Finish();
    }

    private void Hide(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(".wh..wh..opq"u8))
        {
            tree.SetFolderXattr(folder, OpaqueXattr, "y"u8);
            return;
        }

        if (name.StartsWith(Special))
        {
            return; // aufs kept its own book-keeping under such names; it means nothing here
        }

        ReadOnlySpan<byte> hidden = name[Whiteout.Length..];
        if (hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8))
        {
            throw new TarException($"{Encoding.UTF8.GetString(folder)}/{Encoding.UTF8.GetString(name)} is a whiteout of nothing");
        }

        byte[] path = folder.IsEmpty ? hidden.ToArray() : [.. folder, (byte)'/', .. hidden];
        switch (tree.Find(path))
        {
            case null:
                tree.MakeNode(path, Libc.S_IFCHR, 0, 0, new TreeAttributes(0, 0, 0, 0, 0, []));
                _anyWhiteout = true;
                break;
            case { } there when (there.Mode & Libc.S_IFMT) == Libc.S_IFDIR:
                tree.SetFolderXattr(path, OpaqueXattr, "y"u8);
                break;
            default:
                break; // this layer's own file hides what is below already
        }
    }

    private void Make(TarEntry entry, byte[] path)
    {
        if (path.Length == 0 && entry.Type != TarEntryType.Folder)
        {
            throw new TarException($"the archive's root ({entry.ShownName}) is not a folder");
        }

        TreeAttributes attributes = Attributes(entry);
        switch (entry.Type)
        {
            case TarEntryType.Folder:
                bool hides = _anyWhiteout && tree.Find(path)?.IsWhiteout == true;
                tree.MakeFolder(path, attributes);
                if (hides)
                {
                    tree.SetFolderXattr(path, OpaqueXattr, "y"u8);
                }

                break;
            case TarEntryType.File:
                WriteFile(entry, path, attributes);
                break;
            case TarEntryType.Symlink:
                tree.MakeSymlink(path, entry.LinkName, attributes);
                Size += entry.LinkName.Length;
                break;
            case TarEntryType.HardLink:
                tree.MakeHardLink(path, TarPath.Clean(entry.LinkName));
                break;
            default:
                tree.MakeNode(path, NodeType(entry.Type), entry.DeviceMajor, entry.DeviceMinor, attributes);
                break;
        }
    }

    private void WriteFile(TarEntry entry, byte[] path, TreeAttributes attributes)
    {
        using TreeFile file = tree.MakeFile(path);
        ReadOnlySpan<byte> bytes;
        while (!(bytes = archive.ReadData(out long offset)).IsEmpty)
        {
            file.Write(bytes, offset);
        }

        file.Finish(entry.Size, attributes);
        Size += entry.Size;
    }

    private static uint NodeType(TarEntryType type) => type switch
    {
        TarEntryType.CharacterDevice => Libc.S_IFCHR,
        TarEntryType.BlockDevice => Libc.S_IFBLK,
        _ => Libc.S_IFIFO,
    };

    private static TreeAttributes Attributes(TarEntry entry)
    {
        // 0xFFFFFFFF means "leave it" to chown(2), so it is no owner either.
        if (entry.Uid is < 0 or >= uint.MaxValue || entry.Gid is < 0 or >= uint.MaxValue)
        {
            throw new TarException($"{entry.ShownName} belongs to {entry.Uid}:{entry.Gid}, which is no user and group");
        }

        // Overlayfs would obey its own attributes in a layer: a redirect could show files from outside the image's tree.
        IReadOnlyList<TreeXattr> xattrs = entry.Xattrs.Any(x => IsOverlays(x.Name)) ? [.. entry.Xattrs.Where(x => !IsOverlays(x.Name))] : entry.Xattrs;
        return new TreeAttributes(entry.Mode, (uint)entry.Uid, (uint)entry.Gid, entry.Seconds, entry.Nanoseconds, xattrs);
    }

    private static bool IsOverlays(byte[] name) => name.AsSpan().StartsWith("trusted.overlay."u8) || name.AsSpan().StartsWith("user.overlay."u8);
}
