using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Layers;

/// <summary>Looks for what an active snapshot changed, in its folders and without mounting, while a container may run on it.</summary>
public sealed class LayerChanges(DataRoot root, ISnapshotter snapshots)
{
    /// <summary>Tells each path, without a slash in front. Blocks its thread.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    /// <exception cref="Linux.LinuxException">A folder could not be read.</exception>
    public void Read(SnapshotKey key, Action<byte[], TreeChangeKind> changed, CancellationToken cancel)
    {
        var folders = new List<FileDescriptor>();
        try
        {
            // What every container finds below its image is no change of this one.
            foreach (string folder in snapshots.StackOf(key).Append(root.InitLayer))
            {
                folders.Add(FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY));
            }

            TreeChanges.Read(folders[0], folders[1..], changed, cancel);
        }
        finally
        {
            folders.ForEach(static f => f.Dispose());
        }
    }
}
