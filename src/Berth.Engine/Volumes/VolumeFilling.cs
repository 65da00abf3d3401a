using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Trees;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Volumes;

/// <summary>Fills an empty volume with what the image has at its place, as Docker does when a container is created.</summary>
internal sealed class VolumeFilling(DataRoot root, NamedVolumes volumes, ISnapshotter snapshots)
{
    /// <param name="volume">Which; nothing happens where it holds anything.</param>
    /// <param name="image">The image's layers; null: it has none.</param>
    /// <param name="destination">The path in the image. Resolved below the image's root: no symlink leads out of it.</param>
    public async Task FillAsync(string volume, ChainId? image, string destination)
    {
        string files = volumes.MakeFolder(volume);
        if (image is not { } chain || Directory.EnumerateFileSystemEntries(files).Any())
        {
            return;
        }

        FileSystemMount view = await snapshots.ViewAsync(chain, CancellationToken.None);
        using FileDescriptor imageRoot = DetachedMount.Create(view);
        using FileDescriptor? source = FileDescriptor.TryOpenBelow(imageRoot, destination, Libc.O_RDONLY | Libc.O_DIRECTORY, out int errno);
        if (source is null)
        {
            // ENOTDIR: a file is there, which the volume will hide.
            _ = errno is Linux.Errno.ENOENT or Linux.Errno.ENOTDIR or Linux.Errno.ELOOP ? errno : throw new Linux.LinuxException("openat2", destination, errno);
            return;
        }

        // In place where a running container sees the folder already; otherwise aside and renamed, so that no crash leaves half of it.
        if (volumes.IsUsed(volume))
        {
            Copy(source, files);
            return;
        }

        string aside = root.VolumeFilling(volume);
        TreeRemoval.Remove(aside); // of a daemon that was killed here

        Directory.CreateDirectory(aside);
        Copy(source, aside);
        Directory.Delete(files);
        Directory.Move(aside, files);
    }

    private static void Copy(FileDescriptor source, string target)
    {
        using FileDescriptor folder = FileDescriptor.Open(target, Libc.O_RDONLY | Libc.O_DIRECTORY);
        TreeCopy.Copy(source, folder);
    }
}
