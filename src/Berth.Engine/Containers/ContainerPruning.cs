using Berth.Api;
using Berth.Engine.Events;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>Removes containers that do not run.</summary>
public sealed class ContainerPruning
{
    private static readonly string[] Known = ["label", "label!", "until"];

    private readonly ContainerRegistry _registry;
    private readonly ContainerControl _control;
    private readonly ISnapshotter _snapshots;
    private readonly EventLog _events;

    internal ContainerPruning(ContainerRegistry registry, ContainerControl control, ISnapshotter snapshots, EventLog events) =>
        (_registry, _control, _snapshots, _events) = (registry, control, snapshots, events);

    /// <param name="filters">label, label!, until.</param>
    /// <param name="cancel">Ends it between two containers.</param>
    /// <exception cref="EngineException">Invalid: another filter, or a value that is none.</exception>
    public async Task<ContainerPruneResponse> RunAsync(Filters filters, CancellationToken cancel)
    {
        foreach (string key in filters.Keys.Except(Known))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }

        if (filters["until"].Count > 1)
        {
            throw EngineException.Invalid("more than one until filter specified");
        }

        DateTimeOffset? until = filters["until"] is [var text] ? InstantText.Parse($"filter 'until={text}'", text, DateTimeOffset.UtcNow) : null;
        var deleted = new List<string>();
        long reclaimed = 0;
        foreach (ContainerRecord record in _registry.All.Select(a => a.Record).Where(r => IsWanted(r, filters, until)).ToList())
        {
            cancel.ThrowIfCancellationRequested();
            if (await TryRemoveAsync(record) is { } size)
            {
                deleted.Add(record.Id);
                reclaimed += size;
            }
        }

        await _events.PostAsync(new EngineEvent("container", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" }));
        return new ContainerPruneResponse { ContainersDeleted = deleted, SpaceReclaimed = reclaimed };
    }

    private static bool IsWanted(ContainerRecord record, Filters filters, DateTimeOffset? until) =>
        record.Phase is Phase.Created or Phase.Exited or Phase.Dead
        && (until is not { } moment || record.Document.Created < moment)
        && filters["label"].All(l => Filters.HasLabel(record.Document.Config.Labels, l))
        && !filters["label!"].Any(l => Filters.HasLabel(record.Document.Config.Labels, l));

    // Null: it was started or removed meanwhile.
    private async Task<long?> TryRemoveAsync(ContainerRecord record)
    {
        try
        {
            long size = FolderSize.Of(_snapshots.ChangesOf(new SnapshotKey(record.Id)));
            await _control.RemoveAsync(record.Id, force: false, volumes: false, link: false, CancellationToken.None);
            return size;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Conflict or EngineErrorKind.NotFound)
        {
            return null;
        }
    }
}
