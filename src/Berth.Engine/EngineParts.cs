using System.Runtime.InteropServices;

using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Exec;
using Berth.Engine.Links;
using Berth.Engine.Networks;
using Berth.Engine.Ports;
using Berth.Engine.Spec;
using Berth.Engine.Stats;
using Berth.Engine.Usage;
using Berth.Engine.Volumes;
using Berth.Linux.Cgroups;
using Berth.Linux.Notify;
using Berth.Linux.Processes;
using Berth.Network;
using Berth.Oci.Runtime;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Engine;

/// <summary>Makes the parts of an engine and joins them: each gets what it uses, none gets all.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private readonly BerthDatabase _database;
    private readonly ChildReaper _reaper = new();
    private readonly FolderWatcher _watcher = new();
    private readonly ContainerRegistry _registry;
    private readonly ContainerLaunch _launch;
    private readonly ContainerEnding _ending;

    private EngineParts(EngineOptions options, DataRoot root, BerthDatabase database, ContainerRegistry registry, NetworkService networks)
    {
        (_database, _registry, NetworkService) = (database, registry, networks);
        Events = new EventLog(database);
        Images = new ImageParts(options, root, database, Events);
        (Trash trash, OverlaySnapshotter snapshots) = (Images.Trash, Images.Snapshots);
        Networks = new NetworkCatalog(networks, id => _registry.TryFind(id)?.Record.Name);
        Volumes = new NamedVolumes(root, database, Events, trash, options.Durable);

        ICgroupDriver cgroups = CgroupHost.Detect();
        HostFacts host = HostFactsReader.Read(cgroups);
        var seccomp = new SeccompProfiles(c => DefaultSeccompPolicy.For(c, RuntimeInformation.ProcessArchitecture == Architecture.Arm64));
        var transitions = new ContainerTransitions(database, Events);
        var links = new ContainerLinks(_registry, id => networks.Endpoints.Of(id).FirstOrDefault(e => e.NetworkId == networks.Find("bridge")?.Id));
        Links = new LinkUpdates(root, _registry, links, transitions, networks, options.Log);
        var etc = new ContainerEtc(root, options, networks, links);
        Ports = new PortControl(networks, _registry, transitions, Events, options.PublishThroughHost);
        NetworkControl = new NetworkControl(networks, _registry, transitions, Events, Ports, etc, Links);
        var execs = new ExecRegistry(database, Events);
        var bundle = new ContainerBundle(root, options, host, seccomp, etc);
        var removal = new ContainerRemoval(root, options, database, Events, transitions, _registry, snapshots, execs, trash);
        _ending = new ContainerEnding(root, options, transitions, removal, bundle, execs, networks, Links, cgroups);
        _launch = new ContainerLaunch(root, options, transitions, _registry, bundle, etc, _ending, snapshots, networks, links, Links, _reaper);
        _ending.StartAgain = actor => _launch.StartAsync(actor, byPolicy: true);
        var signals = new ContainerSignals(transitions, Events, bundle, cgroups);
        Adoption = new ContainerAdoption(root, options, database, _registry, execs, transitions, _ending, removal, _launch, bundle, etc, cgroups);

        Creation = new ContainerCreation(
            root, options, database, Events, _registry, Images.Store, snapshots, Volumes, new VolumeFilling(root, Volumes, snapshots), host, trash, links, Ports);
        Control = new ContainerControl(database, Events, _registry, transitions, _launch, removal, signals, bundle, cgroups, NetworkControl, Links);
        Commit = new ContainerCommit(_registry, Control, Images.Store, Images.Commit, Events);
        Export = new ContainerExport(_registry, Images.Archiver, Events);
        Changes = new ContainerChanges(_registry, new LayerChanges(root, snapshots));
        var places = new ContainerPlaces(networks);
        Queries = new ContainerQueries(
            _registry, new ContainerShapes(root, places, links), bundle, Images.Store, snapshots, places, links, cgroups, execs.RunningOf,
            record => _ = Events.PostAsync(ContainerEvents.Of(record, "top")));
        Pruning = new ContainerPruning(_registry, Control, snapshots, Events);
        Usage = new DiskUsages(Images.Catalog, Images.Store, Queries, Volumes, Images.Content);
        NetworkCheck = new NetworkCheck(_registry, networks);
        Statistics = new ContainerStatistics(_registry, bundle, cgroups, networks);
        Streams = new ContainerStreams(root, _registry, Events, _watcher);
        Execs = new Execs(_registry, execs, Events, host, options.Durable, links);
    }

    public ContainerCreation Creation { get; }

    public ContainerControl Control { get; }

    public ContainerCommit Commit { get; }

    public ContainerExport Export { get; }

    public ContainerChanges Changes { get; }

    public ContainerQueries Queries { get; }

    public ContainerStatistics Statistics { get; }

    public ContainerPruning Pruning { get; }

    public DiskUsages Usage { get; }

    public ContainerStreams Streams { get; }

    public ContainerAdoption Adoption { get; }

    public Execs Execs { get; }

    public NamedVolumes Volumes { get; }

    public EventLog Events { get; }

    public ImageParts Images { get; }

    public NetworkService NetworkService { get; }

    public NetworkCatalog Networks { get; }

    public NetworkControl NetworkControl { get; }

    public LinkUpdates Links { get; }

    public NetworkCheck NetworkCheck { get; }

    public PortControl Ports { get; }

    public IReadOnlyList<string> Warnings { get; set; } = [];

    public static async Task<EngineParts> OpenAsync(EngineOptions options, CancellationToken cancel)
    {
        var root = new DataRoot(options.DataRoot, options.RunRoot);
        root.Create();
        BerthDatabase database = BerthDatabase.Open(root, options.Durable);
        options.Trace.Mark("database open");
        NetworkService? networks = null;
        try
        {
            var registry = new ContainerRegistry();
            networks = await NetworkService.StartAsync(NetworkOptionsOf(options, registry), database, cancel);
            options.Trace.Mark("networks ready");
            return new EngineParts(options, root, database, registry, networks);
        }
        catch
        {
            if (networks is not null)
            {
                await networks.AbandonAsync();
            }

            database.Dispose();
            throw;
        }
    }

    private static NetworkOptions NetworkOptionsOf(EngineOptions options, ContainerRegistry registry) => new()
    {
        BridgeName = options.Bridge,
        BridgeAddress = options.BridgeAddress,
        Mtu = options.Mtu,
        HostBinding = options.HostBinding,
        EnableIpv6 = options.EnableIpv6,
        BridgeIpv6Address = options.BridgeIpv6Address,
        Range = options.Range,
        Ipv6Range = options.Ipv6Range,
        DefaultGateway = options.DefaultGateway,
        DefaultIpv6Gateway = options.DefaultIpv6Gateway,
        InterContainer = options.InterContainer,
        AddressPools = options.AddressPools.Count > 0 ? options.AddressPools : new NetworkOptions().AddressPools,
        ReadySandboxes = options.ReadySandboxes,
        SystemBus = Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS"),
        ContainerName = id => registry.TryFind(id)?.Record.Name,
        Log = options.Log,
    };

    /// <summary>The containers that ran when the last daemon went, by the rows it left.</summary>
    public IReadOnlyCollection<string> RanBefore() =>
        [.. _database.Read(ContainerRows.All).Where(r => ContainerLifecycle.IsRunning(r.Phase) || r.Phase == Phase.Restarting).Select(r => r.Id)];

    /// <summary>Lets go after a start that failed: what it made on the host goes.</summary>
    public ValueTask AbandonAsync() => EndAsync(NetworkService.AbandonAsync);

    public ValueTask DisposeAsync() => EndAsync(NetworkService.DisposeAsync);

    private async ValueTask EndAsync(Func<ValueTask> endNetworks)
    {
        _ending.Stop();
        await endNetworks();
        _launch.Dispose();
        _watcher.Dispose();
        _reaper.Dispose();
        Images.Dispose();
        _database.Dispose();
    }
}
