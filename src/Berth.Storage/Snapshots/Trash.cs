using System.Collections.Concurrent;

using Berth.Linux.Trees;
using Berth.Storage.Failpoints;

namespace Berth.Storage.Snapshots;

/// <summary>Where trees go whose row is gone: one rename, then removed at leisure. What a crash leaves here, the next start removes.</summary>
public sealed class Trash(DataRoot root, Durable durable)
{
    private readonly ConcurrentDictionary<TaskCompletionSource, bool> _removals = new();
    private long _number;

    /// <summary>Begin it before a row goes, and dispose it when its tree has been discarded: between the two the tree is not left over.</summary>
    internal IDisposable BeginRemoval()
    {
        var removal = new Removal(this);
        _removals[removal.Ended] = true;
        return removal;
    }

    /// <summary>Ends when every removal that has begun by now has ended.</summary>
    internal Task WhenRemovedAsync() => Task.WhenAll(_removals.Keys.Select(r => r.Task));

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

    private sealed class Removal(Trash trash) : IDisposable
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            trash._removals.TryRemove(Ended, out _);
            Ended.TrySetResult();
        }
    }
}
