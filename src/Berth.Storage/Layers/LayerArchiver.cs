using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Snapshots;
using Berth.Storage.Tar;

namespace Berth.Storage.Layers;

/// <summary>Writes the files of active snapshots as archives, from their folders and without mounting, while a container may run on them. Blocks its thread.</summary>
public sealed class LayerArchiver(DataRoot root, ISnapshotter snapshots)
{
    /// <summary>Writes the snapshot's own changes as a layer.</summary>
    /// <param name="key">The snapshot.</param>
    /// <param name="layersBelow">So many of the layers below it become part of the same layer.</param>
    /// <param name="sink">Takes the archive.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="TarException">A file that no layer can hold.</exception>
    /// <exception cref="EngineException">NotFound.</exception>
    public void WriteChanges(SnapshotKey key, int layersBelow, Stream sink, CancellationToken cancel)
    {
        IReadOnlyList<string> stack = snapshots.StackOf(key);

        // Over nothing there is nothing to hide.
        bool overNothing = layersBelow >= stack.Count - 1;
        Write([.. stack.Take(1 + layersBelow)], sink, asLayer: true, overNothing ? TreeReader.ReadWhole : TreeReader.ReadChanges, cancel);
    }

    /// <summary>Writes the whole file system as a container of the snapshot sees it, without what is mounted into it.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    public void WriteWhole(SnapshotKey key, Stream sink, CancellationToken cancel)
    {
        Write([.. snapshots.StackOf(key), root.InitLayer], sink, asLayer: false, TreeReader.ReadWhole, cancel);
    }

    /// <summary>Call after a snapshot was read: a removal takes its row before its first file, so what was read is whole where the row is still there.</summary>
    /// <exception cref="EngineException">Conflict: it was removed meanwhile.</exception>
    public void Check(SnapshotKey key)
    {
        try
        {
            snapshots.ChangesOf(key);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NotFound)
        {
            throw EngineException.Conflict($"the container {key} was removed while its files were read");
        }
    }

    private static void Write(
        IReadOnlyList<string> folders, Stream sink, bool asLayer, Action<IReadOnlyList<FileDescriptor>, Action<TreeItem>> read, CancellationToken cancel)
    {
        var layers = new List<FileDescriptor>(folders.Count);
        try
        {
            foreach (string folder in folders)
            {
                layers.Add(FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY));
            }

            var tar = new TarWriter(sink);
            var archive = new TreeArchive(tar, asLayer, cancel);
            read(layers, archive.Add);
            tar.Finish();
        }
        finally
        {
            layers.ForEach(static l => l.Dispose());
        }
    }
}
