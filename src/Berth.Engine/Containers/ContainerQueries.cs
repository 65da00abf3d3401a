using Berth.Api;
using Berth.Engine.Links;
using Berth.Engine.Networks;
using Berth.Engine.Processes;
using Berth.Images;
using Berth.Linux.Cgroups;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>Answers questions about containers from their published records; never waits for one.</summary>
public sealed class ContainerQueries
{
    private readonly ContainerRegistry _registry;
    private readonly ContainerShapes _shapes;
    private readonly ContainerBundle _bundle;
    private readonly ImageStore _images;
    private readonly ISnapshotter _snapshots;
    private readonly ContainerPlaces _places;
    private readonly ContainerLinks _links;
    private readonly ICgroupDriver _cgroups;
    private readonly Func<string, IReadOnlyList<string>> _execsOf;
    private readonly Action<ContainerRecord> _toppedBy;

    internal ContainerQueries(
        ContainerRegistry registry, ContainerShapes shapes, ContainerBundle bundle, ImageStore images, ISnapshotter snapshots, ContainerPlaces places, ContainerLinks links,
        ICgroupDriver cgroups, Func<string, IReadOnlyList<string>> execsOf, Action<ContainerRecord> toppedBy)
    {
        (_registry, _shapes, _bundle, _images, _snapshots) = (registry, shapes, bundle, images, snapshots);
        _links = links;
        (_places, _cgroups, _execsOf, _toppedBy) = (places, cgroups, execsOf, toppedBy);
    }

    /// <param name="all">Also those that do not run.</param>
    /// <param name="limit">Only the newest so many (which implies all); 0 or less: no limit.</param>
    /// <param name="size">Measure the files too.</param>
    /// <param name="filters">Unknown keys are refused.</param>
    /// <param name="cancel">The caller no longer wants the answer.</param>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(bool all, int limit, bool size, Filters filters, CancellationToken cancel)
    {
        var filter = new ContainerFilter(filters, _registry, _images);
        ILookup<string, string> linkNames = _links.Names();
        bool everything = all || limit > 0 || filter.ImpliesAll;
        IEnumerable<ContainerRecord> chosen = _registry.All.Select(a => a.Record)
            .Where(r => r.Phase != Phase.Removed && (everything || r.IsRunning || r.Phase == Phase.Restarting))
            .Where(r => filter.Matches(r, () => _places.Networks(r).Values))
            .OrderByDescending(r => r.Document.Created);
        var summaries = new List<ContainerSummary>();
        foreach (ContainerRecord record in limit > 0 ? chosen.Take(limit) : chosen)
        {
            cancel.ThrowIfCancellationRequested();
            ContainerSummary summary = _shapes.Summary(record, ImageName(record), linkNames[record.Id]);
            summaries.Add(size ? Measured(summary, record) : summary);
        }

        return Task.FromResult<IReadOnlyList<ContainerSummary>>(summaries);
    }

    public Task<ContainerInspectResponse> InspectAsync(string container, bool size, CancellationToken cancel)
    {
        ContainerRecord record = _registry.Find(container).Record;
        ContainerInspectResponse shown = _shapes.Inspect(record, _execsOf(record.Id));
        return Task.FromResult(size ? shown with { SizeRw = SizeRw(record), SizeRootFs = SizeRw(record) + ImageSize(record) } : shown);
    }

    public Task<ContainerTopResponse> TopAsync(string container, string? psArgs, CancellationToken cancel)
    {
        ProcessColumns columns = ProcessColumns.Parse(string.IsNullOrWhiteSpace(psArgs) ? "-ef" : psArgs);
        ContainerRecord record = _registry.Find(container).Record;
        if (!record.IsRunning)
        {
            throw EngineException.Conflict($"container {record.Id} is not running");
        }

        ContainerTopResponse list = ProcessList.Of(_cgroups.Open(_bundle.CgroupPath(record)).Processes(), columns);
        _toppedBy(record);
        return Task.FromResult(list);
    }

    /// <summary>Starts to wait. Throws at once where there is no such container; the task ends when the condition holds, so a head can be sent between the two.</summary>
    public Task<ContainerWaitResponse> Wait(string container, WaitCondition condition, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        int exits = actor.Record.Exits;
        Task<ContainerRecord> holds = actor.WhenAsync(
            condition switch
            {
                WaitCondition.NotRunning => r => !r.IsRunning && r.Phase is not (Phase.Starting or Phase.Restarting),
                WaitCondition.NextExit => r => r.Exits > exits || r.Phase == Phase.Removed,
                _ => r => r.Phase == Phase.Removed,
            },
            cancel);
        return Answer(holds, condition);

        static async Task<ContainerWaitResponse> Answer(Task<ContainerRecord> holds, WaitCondition condition)
        {
            ContainerStatus status = (await holds).Status;
            return new ContainerWaitResponse
            {
                StatusCode = status.ExitCode,

                // Who waits for a removal has been told by the start itself why it failed.
                Error = status.Error.Length > 0 && condition != WaitCondition.Removed ? new ContainerWaitExitError { Message = status.Error } : null,
            };
        }
    }

    // The name it was made from, while that still means the same image; its id afterwards.
    private string ImageName(ContainerRecord record)
    {
        string name = record.Document.Config.Image ?? "";
        return name.Length > 0 && _images.Find(name)?.Id.ToString() == record.Document.ImageId ? name : record.Document.ImageId;
    }

    private ContainerSummary Measured(ContainerSummary summary, ContainerRecord record)
    {
        long written = SizeRw(record);
        return summary with { SizeRw = written, SizeRootFs = written + ImageSize(record) };
    }

    private long SizeRw(ContainerRecord record) => FolderSize.Of(_snapshots.ChangesOf(new SnapshotKey(record.Id)));

    private long ImageSize(ContainerRecord record) => _images.Find(Oci.Digests.Digest.Parse(record.Document.ImageId))?.Size ?? 0;
}
