using Berth.Linux.Trees;
using Berth.Storage.Failpoints;

namespace Berth.Storage.Snapshots;

/// <summary>Where trees go whose row is gone: one rename, then removed at leisure. What a crash leaves here, the next start removes.</summary>
public sealed class Trash(DataRoot root, Durable durable)
{
    private long _number;

    /// <summary>Moves a tree of the data root out of the way and removes it. Nothing happens where there is none.</summary>
    public void Discard(string path)
    {
        string aside = root.Trashed($"{Environment.ProcessId}-{Interlocked.Increment(ref _number)}-{Guid.NewGuid():N}");
        try
        {
            Directory.Move(path, aside);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        durable.Step("trash-rename");
        TreeRemoval.Remove(aside);
        durable.Step("trash-remove");
    }

    /// <summary>Removes all that lies here.</summary>
    public void Empty()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(root.Trash))
        {
            TreeRemoval.Remove(path);
        }
    }
}
