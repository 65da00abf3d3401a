using Berth.Engine.Events;
using Berth.Storage;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>The files of a container as one archive, without what is mounted into it. It may run: then each file is as it was when its turn came.</summary>
public sealed class ContainerExport
{
    private readonly ContainerRegistry _registry;
    private readonly LayerArchiver _archiver;
    private readonly EventLog _events;

    internal ContainerExport(ContainerRegistry registry, LayerArchiver archiver, EventLog events) => (_registry, _archiver, _events) = (registry, archiver, events);

    /// <summary>Looks for the container; what is answered writes the archive, and blocks its thread.</summary>
    /// <exception cref="EngineException">NotFound. Conflict: it is dead or being removed.</exception>
    public Action<Stream> Begin(string container, CancellationToken cancel)
    {
        ContainerRecord record = _registry.Find(container).Record;
        if (record.Phase is Phase.Dead or Phase.Removing or Phase.Removed)
        {
            throw EngineException.Conflict($"You cannot export container {record.Id} which is {(record.Phase == Phase.Dead ? "Dead" : "being removed")}");
        }

        return sink =>
        {
            var snapshot = new SnapshotKey(record.Id);
            _archiver.WriteWhole(snapshot, sink, cancel);
            _archiver.Check(snapshot);
            _ = _events.PostAsync(ContainerEvents.Of(record, "export"));
        };
    }
}
