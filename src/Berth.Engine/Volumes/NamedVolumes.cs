using Berth.Api;
using Berth.Engine.Events;
using Berth.Engine.Mounts;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Volumes;

/// <summary>Volumes, named and anonymous. A row is older than its folder, and goes before it.</summary>
public sealed class NamedVolumes
{
    private readonly DataRoot _root;
    private readonly BerthDatabase _database;
    private readonly EventLog _events;
    private readonly Durable _durable;
    private readonly Trash _trash;

    internal NamedVolumes(DataRoot root, BerthDatabase database, EventLog events, Trash trash, Durable durable) =>
        (_root, _database, _events, _trash, _durable) = (root, database, events, trash, durable);

    /// <summary>Makes a volume; one that is there already is answered as it is.</summary>
    public async Task<Volume> CreateAsync(VolumeCreateRequest request, CancellationToken cancel)
    {
        if (request.Driver is not (null or "" or "local"))
        {
            throw EngineException.NotFound($"error looking up volume plugin {request.Driver}: plugin \"{request.Driver}\" not found");
        }

        if (request.DriverOpts is { Count: > 0 })
        {
            throw EngineException.NotImplemented($"volume options ({string.Join(", ", request.DriverOpts.Keys)}) are not supported yet");
        }

        if (request.ClusterVolumeSpec is not null)
        {
            throw EngineException.NotImplemented("cluster volumes are not supported");
        }

        bool anonymous = string.IsNullOrEmpty(request.Name);
        string name = anonymous ? ObjectId.New() : BindParser.CheckVolumeName(request.Name!);
        Dictionary<string, string> labels = new(request.Labels ?? new Dictionary<string, string>());
        if (anonymous)
        {
            labels[AnonymousLabel] = "";
        }

        await EnsureAsync(name, new VolumeDocument { Labels = labels.Count > 0 ? labels : null, Anonymous = anonymous }, cancel);
        return await InspectAsync(name, cancel);
    }

    public Task<VolumeListResponse> ListAsync(Filters filters, CancellationToken cancel)
    {
        var filter = new VolumeFilter(filters);
        IEnumerable<VolumeRecord> volumes = _database.Read(VolumeRows.All).Where(filter.Matches);
        return Task.FromResult(new VolumeListResponse { Volumes = [.. volumes.Select(Show)] });
    }

    /// <summary>All volumes with what they take and how many containers use them.</summary>
    internal IReadOnlyList<Volume> Measured(CancellationToken cancel)
    {
        var volumes = new List<Volume>();
        foreach (VolumeRecord volume in _database.Read(VolumeRows.All))
        {
            cancel.ThrowIfCancellationRequested();
            volumes.Add(Show(volume) with { UsageData = new VolumeUsageData { Size = FolderSize.Of(_root.VolumeFiles(volume.Name)), RefCount = volume.Containers } });
        }

        return volumes;
    }

    public Task<Volume> InspectAsync(string name, CancellationToken cancel) => Task.FromResult(Show(Find(name)));

    /// <param name="name">Which.</param>
    /// <param name="force">No error where there is none.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public async Task RemoveAsync(string name, bool force, CancellationToken cancel)
    {
        if (_database.Read(s => VolumeRows.Find(s, name)) is null)
        {
            if (force)
            {
                return;
            }

            throw Missing(name);
        }

        if (!await DeleteAsync(name, cancel))
        {
            IReadOnlyList<string> users = _database.Read(s => VolumeRows.Users(s, name));
            throw EngineException.Conflict($"remove {name}: volume is in use - [{string.Join(", ", users)}]");
        }
    }

    /// <summary>Removes those that no container uses: the anonymous ones, or with the filter all=true the named ones too.</summary>
    public async Task<VolumePruneResult> PruneAsync(Filters filters, CancellationToken cancel)
    {
        VolumeFilter filter = VolumeFilter.ForPrune(filters);
        var deleted = new List<string>();
        long reclaimed = 0;
        foreach (VolumeRecord volume in _database.Read(VolumeRows.All).Where(v => v.Containers == 0).Where(filter.Matches))
        {
            long size = FolderSize.Of(_root.VolumeFiles(volume.Name));
            if (await DeleteAsync(volume.Name, cancel))
            {
                deleted.Add(volume.Name);
                reclaimed += size;
            }
        }

        await _events.PostAsync(new EngineEvent("volume", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" }));
        return new VolumePruneResult(deleted, reclaimed);
    }

    /// <summary>As Docker marks those that got no name.</summary>
    internal const string AnonymousLabel = "com.docker.volume.anonymous";

    /// <summary>Makes row and folder where they are missing.</summary>
    internal async Task EnsureAsync(string name, VolumeDocument document, CancellationToken cancel)
    {
        if (_database.Read(s => VolumeRows.Find(s, name)) is null)
        {
            EventLog.Numbered? told = await _database.WriteAsync(
                t => VolumeRows.TryInsert(t, name, document) ? _events.Append(t, VolumeEvents.Of("create", name)) : null, cancel);
            _events.Tell(told);
        }

        MakeFolder(name);
    }

    /// <summary>The folder that containers see, made where it is missing.</summary>
    internal string MakeFolder(string name)
    {
        string files = _root.VolumeFiles(name);
        if (!Directory.Exists(files))
        {
            const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(_root.Volume(name), OwnerAll | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            Directory.CreateDirectory(
                files, OwnerAll | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            _durable.Step("volume folder");
        }

        return files;
    }

    /// <summary>At start: a kill between a volume's row and its folder leaves the row alone.</summary>
    internal void MakeFolders()
    {
        foreach (VolumeRecord volume in _database.Read(VolumeRows.All))
        {
            MakeFolder(volume.Name);
        }
    }

    internal bool IsUsed(string name) => _database.Read(s => VolumeRows.Find(s, name)) is { Containers: > 0 };

    private async Task<bool> DeleteAsync(string name, CancellationToken cancel)
    {
        EventLog.Numbered? told = await _database.WriteAsync(
            t => VolumeRows.TryDeleteUnused(t, name) ? _events.Append(t, VolumeEvents.Of("destroy", name)) : null, cancel);
        if (told is null)
        {
            return false;
        }

        _trash.Discard(_root.Volume(name));
        _events.Tell(told);
        return true;
    }

    private VolumeRecord Find(string name) => _database.Read(s => VolumeRows.Find(s, name)) ?? throw Missing(name);

    private static EngineException Missing(string name) => EngineException.NotFound($"get {name}: no such volume");

    private Volume Show(VolumeRecord volume) => new()
    {
        Name = volume.Name,
        Driver = "local",
        Mountpoint = _root.VolumeFiles(volume.Name),
        CreatedAt = volume.Created.ToLocalTime().ToString("yyyy-MM-ddTHH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture),
        Labels = volume.Document.Labels,
        Options = volume.Document.Options,
        Scope = "local",
    };
}
