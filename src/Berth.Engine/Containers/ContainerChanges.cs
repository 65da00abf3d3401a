using System.Text;

using Berth.Api;
using Berth.Storage;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>What a container has otherwise than its image. It may run.</summary>
public sealed class ContainerChanges
{
    /// <summary>More would be an answer of gigabytes.</summary>
    private const int Most = 5_000_000;

    private readonly ContainerRegistry _registry;
    private readonly LayerChanges _changes;

    internal ContainerChanges(ContainerRegistry registry, LayerChanges changes) => (_registry, _changes) = (registry, changes);

    /// <exception cref="EngineException">NotFound. Conflict: it is dead or being removed. Invalid: too many.</exception>
    public Task<IReadOnlyList<FilesystemChange>> ListAsync(string container, CancellationToken cancel)
    {
        ContainerRecord record = _registry.Find(container).Record;
        return record.Phase is Phase.Dead or Phase.Removing or Phase.Removed
            ? throw EngineException.Conflict($"the changes of {record.Name} cannot be told: it is {(record.Phase == Phase.Dead ? "dead" : "being removed")}")
            : Task.Factory.StartNew(() => List(record, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private IReadOnlyList<FilesystemChange> List(ContainerRecord record, CancellationToken cancel)
    {
        var changes = new List<FilesystemChange>();
        _changes.Read(
            new SnapshotKey(record.Id),
            (path, kind) => changes.Add(changes.Count < Most
                ? new FilesystemChange { Path = "/" + Encoding.UTF8.GetString(path), Kind = (long)kind }
                : throw EngineException.Invalid($"{record.Name} has more than {Most} changes")),
            cancel);
        return changes;
    }
}
