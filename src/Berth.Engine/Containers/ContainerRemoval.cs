using Berth.Engine.Events;
using Berth.Engine.Exec;
using Berth.Engine.Volumes;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>Takes containers away: the row first, in one transaction with its event, then what it named. What a crash leaves is swept at start.</summary>
internal sealed class ContainerRemoval(
    DataRoot root,
    EngineOptions options,
    BerthDatabase database,
    EventLog events,
    ContainerTransitions transitions,
    ContainerRegistry registry,
    ISnapshotter snapshots,
    ExecRegistry execs,
    Trash trash)
{
    /// <summary>Removes a container that does not run. Work of its actor.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="volumes">Its anonymous volumes too.</param>
    /// <exception cref="EngineException">Conflict: it runs, or is being removed.</exception>
    public async Task RemoveAsync(ContainerActor actor, bool volumes)
    {
        ContainerRecord record = transitions.Announce(actor, Trigger.RemoveRequested);
        string[] anonymous = volumes ? [.. record.Document.Mounts.Where(m => m is { Anonymous: true, Volume: not null }).Select(m => m.Volume!)] : [];
        List<string> orphans = [];
        List<EventLog.Numbered> told;
        try
        {
            told = await database.WriteAsync(t => Forget(t, record, anonymous, orphans), CancellationToken.None);
        }
        catch
        {
            transitions.Announce(actor, Trigger.RemoveFailed);
            throw;
        }

        try
        {
            await RemoveFilesAsync(record, orphans);
        }
        finally
        {
            registry.Remove(record);
            execs.Forget(record.Id);
            transitions.Announce(actor, Trigger.FilesRemoved);
            told.ForEach(events.Tell);
        }
    }

    private List<EventLog.Numbered> Forget(Transaction transaction, ContainerRecord record, string[] anonymous, List<string> orphans)
    {
        orphans.Clear();
        ContainerRows.Delete(transaction, record.Id);
        var told = new List<EventLog.Numbered> { events.Append(transaction, ContainerEvents.Of(record, "destroy")) };
        foreach (string volume in anonymous)
        {
            if (VolumeRows.TryDeleteUnused(transaction, volume))
            {
                orphans.Add(volume);
                told.Add(events.Append(transaction, VolumeEvents.Of("destroy", volume)));
            }
        }

        return told;
    }

    private async Task RemoveFilesAsync(ContainerRecord record, List<string> orphans)
    {
        try
        {
            await snapshots.RemoveAsync(new SnapshotKey(record.Id), CancellationToken.None);
            trash.Discard(root.Container(record.Id));
            foreach (string volume in orphans)
            {
                trash.Discard(root.Volume(volume));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Linux.LinuxException)
        {
            // The container is gone all the same: no row names these files, and the next start's sweep takes them.
            options.Log($"files of container {record.Id} could not be removed: {e.Message}");
        }
    }
}
