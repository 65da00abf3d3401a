using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Exec;
using Berth.Engine.Images;
using Berth.Engine.Networks;
using Berth.Engine.Ports;
using Berth.Engine.Stats;
using Berth.Engine.Usage;
using Berth.Engine.Volumes;
using Berth.Images.Check;
using Berth.Images.Lists;
using Berth.Images.Pull;
using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Images.Trees;
using Berth.Images.Provenance;
using Berth.Storage;

namespace Berth.Engine;

/// <summary>Everything of one engine, opened, repaired and adopted.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly EngineParts _parts;

    private EngineHost(EngineParts parts) => _parts = parts;

    public ContainerCreation Creation => _parts.Creation;

    public ContainerControl Control => _parts.Control;

    public ContainerCommit Commit => _parts.Commit;

    public ContainerExport Export => _parts.Export;

    public ContainerChanges Changes => _parts.Changes;

    public ContainerQueries Queries => _parts.Queries;

    public ContainerStatistics Statistics => _parts.Statistics;

    public ContainerPruning Pruning => _parts.Pruning;

    public DiskUsages Usage => _parts.Usage;

    public StoreCheck Check => _parts.Images.Check;

    public ImageTrees Trees => _parts.Images.Trees;

    /// <summary>What is stated of images.</summary>
    public ImageAttestations Attestations => _parts.Images.Attestations;

    public ContainerStreams Streams => _parts.Streams;

    public Execs Execs => _parts.Execs;

    public NamedVolumes Volumes => _parts.Volumes;

    public EventLog Events => _parts.Events;

    public ImageCatalog Images => _parts.Images.Catalog;

    public ImagePuller Puller => _parts.Images.Puller;

    public ImagePusher Pusher => _parts.Images.Pusher;

    public RegistryService Registries => _parts.Images.Registries;

    public ManifestLists ManifestLists => _parts.Images.ManifestLists;

    public NetworkCatalog Networks => _parts.Networks;

    public NetworkControl NetworkControl => _parts.NetworkControl;

    public NetworkCheck NetworkCheck => _parts.NetworkCheck;

    public PortControl Ports => _parts.Ports;

    /// <summary>What the start could not put right, for the log.</summary>
    public IReadOnlyList<string> Warnings => _parts.Warnings;

    /// <summary>Opens database, images and networks, takes over the containers that run, and sweeps what nobody owns.</summary>
    /// <exception cref="EngineException">Unavailable: another engine has this data root, or a newer program made it.</exception>
    public static async Task<EngineHost> StartAsync(EngineOptions options, CancellationToken cancel)
    {
        EngineParts parts = await EngineParts.OpenAsync(options, cancel);
        try
        {
            // Before anything is mounted; on nearly every start there is nothing to do.
            parts.Warnings = await parts.Images.Recovery.RunAsync(cancel);

            // Containers first: their rows say which snapshots, endpoints and folders are somebody's.
            IReadOnlyCollection<string> ranBefore = parts.RanBefore();
            await parts.Adoption.RunAsync(cancel);
            options.Trace.Mark("containers adopted");
            await parts.NetworkService.Endpoints.AdoptAsync(parts.Adoption.Live(), cancel);
            await parts.NetworkControl.SettleAsync();
            await parts.Links.RestoreAsync();
            parts.Adoption.SweepRun();
            options.Trace.Mark("networks adopted");
            await parts.Images.Repair.RunAsync(cancel);
            parts.Volumes.MakeFolders();
            options.Trace.Mark("data root swept");
            if (options.BuiltInImage is { } archive)
            {
                await parts.Images.Store.EnsureBuiltInAsync(archive, cancel);
            }

            await parts.Images.Floor.ApplyAsync([]);
            options.Trace.Mark("engine ready");
            parts.Adoption.StartByPolicy(ranBefore);
            return new EngineHost(parts);
        }
        catch
        {
            await parts.AbandonAsync();
            throw;
        }
    }

    /// <summary>Lets go. Containers run on.</summary>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
