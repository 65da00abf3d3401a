using Berth.Engine.Events;
using Berth.Engine.Images;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Check;
using Berth.Images.Commit;
using Berth.Images.Limits;
using Berth.Images.Lists;
using Berth.Images.Provenance;
using Berth.Images.Pull;
using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Images.Trees;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Check;
using Berth.Storage.Collection;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Engine;

/// <summary>Makes the parts of an engine that keep and move images, and joins them.</summary>
internal sealed class ImageParts : IDisposable
{
    private readonly ContentStore _content;
    private readonly EventLog _events;

    public ImageParts(EngineOptions options, DataRoot root, BerthDatabase database, EventLog events)
    {
        _events = events;
        RegistryOptions registries = options.Registries with { Log = options.Log };
        Trash = new Trash(root, options.Durable);
        Snapshots = new OverlaySnapshotter(root, database, Trash, options.Durable);
        _content = new ContentStore(root, database, options.Durable);
        var collector = new Collector(root, database, _content, Trash);
        var sync = new LayerSync(root, database);
        var layers = new LayerStore(database, Snapshots, sync);
        Floor = new DiskFloor(root, database, _content, collector, options.DiskLimits, Tell, options.Log);
        Store = new ImageStore(database, _content, layers, collector, Tell) { Floor = Floor, Policy = options.SignaturePolicy };
        Puller = new ImagePuller(database, _content, layers, registries, Tell) { Floor = Floor, Policy = options.SignaturePolicy };
        Pusher = new ImagePusher(database, _content, layers, Store, registries, Tell) { Floor = Floor };
        Registries = new RegistryService(registries);
        ManifestLists = new ManifestLists(database, _content, registries);
        Trees = new ImageTrees(database, layers, Store);
        Attestations = new ImageAttestations(database, _content, Store);
        Catalog = new ImageCatalog(Store, new ImageSaver(database, _content, layers, Store, Tell), _content, events);
        Archiver = new LayerArchiver(root, Snapshots);
        Commit = new ImageCommit(database, _content, layers, Archiver, Store, Tell);
        Check = new StoreCheck(database, _content, layers, new StorageCheck(root, database, _content, Trash), collector, Tell);
        Recovery = new LayerRecovery(database, _content, layers, sync);
        Repair = new StorageRepair(root, database, _content, Snapshots, collector, Trash);
    }

    public ContentStore Content => _content;

    public Trash Trash { get; }

    public OverlaySnapshotter Snapshots { get; }

    public LayerArchiver Archiver { get; }

    public ImageStore Store { get; }

    public DiskFloor Floor { get; }

    public ImagePuller Puller { get; }

    public ImagePusher Pusher { get; }

    public RegistryService Registries { get; }

    public ManifestLists ManifestLists { get; }

    public ImageTrees Trees { get; }

    public ImageAttestations Attestations { get; }

    public ImageCatalog Catalog { get; }

    public ImageCommit Commit { get; }

    public StoreCheck Check { get; }

    public LayerRecovery Recovery { get; }

    public StorageRepair Repair { get; }

    public void Dispose() => _content.Dispose();

    private void Tell(Transaction transaction, string action, Digest id, string name)
    {
        // Of a pull and a push Docker names the reference, of everything else the image.
        bool isPull = action is "pull" or "push";
        EventLog.Numbered told = _events.Append(transaction, new EngineEvent(
            "image", action, isPull ? name : id.ToString(), new Dictionary<string, string> { ["name"] = isPull ? ImageReference.Parse(name).FamiliarRepository : name }));
        transaction.OnCommit(() => _events.Tell(told));
    }
}
