using Berth.Api;
using Berth.Engine.Events;
using Berth.Engine.Links;
using Berth.Engine.Mounts;
using Berth.Engine.Ports;
using Berth.Engine.Spec;
using Berth.Engine.Volumes;
using Berth.Images;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>
/// Makes containers: name, image, snapshot (under a lease), folder, volumes, and last the row that names them all. What fails before the row is
/// taken back; what a crash leaves is swept at start, for no row names it.
/// </summary>
public sealed class ContainerCreation
{
    private readonly DataRoot _root;
    private readonly BerthDatabase _database;
    private readonly EventLog _events;
    private readonly ContainerRegistry _registry;
    private readonly ImageStore _images;
    private readonly ISnapshotter _snapshots;
    private readonly NamedVolumes _volumes;
    private readonly VolumeFilling _filling;
    private readonly HostFacts _host;
    private readonly Trash _trash;
    private readonly Durable _durable;
    private readonly EngineOptions _options;
    private readonly ContainerLinks _links;
    private readonly PortControl _ports;

    internal ContainerCreation(
        DataRoot root, EngineOptions options, BerthDatabase database, EventLog events, ContainerRegistry registry, ImageStore images, ISnapshotter snapshots,
        NamedVolumes volumes, VolumeFilling filling, HostFacts host, Trash trash, ContainerLinks links, PortControl ports)
    {
        (_root, _options, _database, _events, _registry, _images) = (root, options, database, events, registry, images);
        (_links, _ports) = (links, ports);
        (_snapshots, _volumes, _filling, _host, _trash, _durable) = (snapshots, volumes, filling, host, trash, options.Durable);
    }

    /// <param name="name">As asked for, with or without a leading slash; null makes one up.</param>
    /// <param name="request">The body of POST /containers/create.</param>
    /// <param name="platform">OS[/arch[/variant]] or null.</param>
    /// <param name="cancel">Honoured until something is made.</param>
    public async Task<ContainerCreateResponse> CreateAsync(string? name, ContainerCreateRequest request, string? platform, CancellationToken cancel)
    {
        string id = ObjectId.New();
        string? asked = string.IsNullOrEmpty(name) ? null : ContainerNames.Check(name);
        if (string.IsNullOrEmpty(request.Image))
        {
            throw EngineException.Invalid("no image was named: Image must not be empty");
        }

        ImageRecord image = _images.Resolve(request.Image);
        _options.Trace.Mark("image resolved");
        Platforms.Check(platform, image.Config);
        CreatePlan plan = CreatePlan.Of(request, image.Config.Config, _host, id, MountsOf);
        HostConfig hostConfig = Resolve(plan.HostConfig);
        if (hostConfig.Init == true && _options.InitPath is null)
        {
            throw EngineException.NotImplemented("not supported yet: Init (--init): this engine has no init program");
        }

        RequestedLinks.NotItself(asked, [.. plan.Links, .. plan.Networks.Values.SelectMany(n => n.Links ?? []).Select(LinkSpec.Parse)]);
        IReadOnlyList<ContainerLink> links = _links.Resolve(plan.Links);
        string reserved = Reserve(asked, id);
        try
        {
            ContainerRecord record = await MakeAsync(id, reserved, image, plan with { HostConfig = hostConfig }, links);
            _registry.Add(new ContainerActor(record));
            return new ContainerCreateResponse { Id = id, Warnings = [.. plan.Warnings, .. await _ports.WarningsAsync(hostConfig, plan.Config, plan.Networks.Keys)] };
        }
        catch
        {
            _registry.Release(reserved, id);
            throw;
        }
    }

    private IReadOnlyList<ContainerMount> MountsOf(string container) => Other(container).Document.Mounts;

    // Names in modes become ids, for names may change. A network is looked for by the start, as in Docker: it may be made in between.
    private HostConfig Resolve(HostConfig config)
    {
        return config with { NetworkMode = ById(config.NetworkMode), PidMode = ById(config.PidMode) };

        string? ById(string? mode) => JoinedNamespaces.Target(mode) is { } target ? $"container:{Other(target).Id}" : mode;
    }

    // Not as "not found": a client that gets 404 from create takes the image to be missing, and pulls it.
    private ContainerRecord Other(string container)
    {
        try
        {
            return _registry.Find(container).Record;
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NotFound)
        {
            throw EngineException.Invalid(e.Message, e);
        }
    }

    private string Reserve(string? asked, string id)
    {
        if (asked is not null)
        {
            return _registry.Reserve(asked, id) is { } owner ? throw ContainerNames.Taken(asked, owner) : asked;
        }

        for (int attempt = 0; attempt < 6; attempt++)
        {
            string made = ContainerNames.MakeUp(Random.Shared, attempt);
            if (_registry.Reserve(made, id) is null)
            {
                return made;
            }
        }

        return _registry.Reserve(id[..12], id) is null ? id[..12] : throw EngineException.Internal("no free name was found for the container");
    }

    private async Task<ContainerRecord> MakeAsync(string id, string name, ImageRecord image, CreatePlan plan, IReadOnlyList<ContainerLink> links)
    {
        var made = new List<string>(); // anonymous volumes' folders
        Lease lease = await Lease.CreateAsync(_database, $"create {name}", CancellationToken.None);
        try
        {
            SnapshotDurability durability = plan.HostConfig.AutoRemove == true ? SnapshotDurability.Volatile : SnapshotDurability.Durable;
            await _snapshots.PrepareAsync(new SnapshotKey(id), image.Chain, durability, lease, CancellationToken.None);
            _options.Trace.Mark("snapshot prepared");
            Directory.CreateDirectory(_root.Container(id), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _durable.Step("container folder");
            IReadOnlyList<ContainerMount> mounts = await VolumesAsync(image, plan.Mounts, made);
            var record = new ContainerRecord
            {
                Document = new ContainerDocument
                {
                    Id = id, Created = DateTimeOffset.UtcNow, ImageId = image.Id.ToString(), Config = plan.Config, HostConfig = plan.HostConfig, Mounts = mounts,
                    Os = image.Config.Os,
                },
                Name = name,
                Phase = Phase.Created,
                Status = new ContainerStatus { Networks = plan.Networks, Links = links.Count > 0 ? links : null },
            };
            List<EventLog.Numbered> told = await _database.WriteAsync(t => Insert(t, record), CancellationToken.None);
            told.ForEach(_events.Tell);
            _options.Trace.Mark("container row");
            return record;
        }
        catch
        {
            await UndoAsync(id, made);
            throw;
        }
        finally
        {
            _ = DropAsync(lease);
        }
    }

    /// <summary>Makes the volumes that are not there yet, and fills the empty ones from the image.</summary>
    private async Task<IReadOnlyList<ContainerMount>> VolumesAsync(ImageRecord image, IReadOnlyList<ContainerMount> asked, List<string> made)
    {
        List<ContainerMount> mounts = [];
        foreach (ContainerMount mount in asked)
        {
            if (mount.Kind == MountKind.Bind && mount is { FromMountOption: true, MakeHostPath: false } && !Path.Exists(mount.HostPath))
            {
                throw EngineException.Invalid($"invalid mount config for type \"bind\": bind source path does not exist: {mount.HostPath}");
            }

            if (mount.Kind != MountKind.Volume)
            {
                mounts.Add(mount);
                continue;
            }

            ContainerMount named = mount with { Volume = mount.Volume ?? ObjectId.New() };
            mounts.Add(named);
            if (named.Anonymous)
            {
                made.Add(named.Volume!); // its row comes with the container's
                _volumes.MakeFolder(named.Volume!);
            }
            else
            {
                await _volumes.EnsureAsync(named.Volume!, new VolumeDocument { Labels = named.VolumeLabels }, CancellationToken.None);
            }

            if (!named.NoCopy)
            {
                await _filling.FillAsync(named.Volume!, image.Chain, named.Destination);
            }
        }

        return mounts;
    }

    private List<EventLog.Numbered> Insert(Transaction transaction, ContainerRecord record)
    {
        if (!ContainerRows.TryInsert(transaction, record))
        {
            throw ContainerNames.Taken(record.Name, "another");
        }

        var told = new List<EventLog.Numbered>();
        foreach (ContainerMount mount in record.Document.Mounts.Where(m => m.Kind == MountKind.Volume))
        {
            if (mount.Anonymous)
            {
                VolumeRows.TryInsert(
                    transaction, mount.Volume!, new VolumeDocument { Anonymous = true, Labels = new Dictionary<string, string> { [NamedVolumes.AnonymousLabel] = "" } });
                told.Add(_events.Append(transaction, VolumeEvents.Of("create", mount.Volume!)));
            }

            if (!mount.Anonymous && VolumeRows.Find(transaction, mount.Volume!) is null)
            {
                throw EngineException.Conflict($"the volume {mount.Volume} was removed while the container was being made: try again");
            }

            VolumeRows.Use(transaction, record.Id, mount.Volume!);
        }

        told.Add(_events.Append(transaction, ContainerEvents.Of(record, "create")));
        return told;
    }

    private async Task UndoAsync(string id, List<string> made)
    {
        await _snapshots.RemoveAsync(new SnapshotKey(id), CancellationToken.None);
        _trash.Discard(_root.Container(id));
        foreach (string volume in made)
        {
            _trash.Discard(_root.Volume(volume));
        }
    }

    // The row names everything by now. Nobody waits for the lease to be gone; a crash leaves it to the next start.
    private async Task DropAsync(Lease lease)
    {
        try
        {
            await lease.DisposeAsync();
        }
        catch (EngineException e)
        {
            _options.Log($"lease {lease.Id} could not be dropped: {e.Message}");
        }
    }
}
