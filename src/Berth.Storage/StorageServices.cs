using Berth.Storage.Check;
using Berth.Storage.Collection;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Storage;

/// <summary>The stores of one data root, built in the one order in which they need each other. Owns them.</summary>
public sealed class StorageServices : IDisposable
{
    private StorageServices(DataRoot root, Durable durable)
    {
        Root = root;
        Durable = durable;
        root.Create();
        Database = BerthDatabase.Open(root, durable);
        Content = new ContentStore(root, Database, durable);
        Trash = new Trash(root, durable);
        Snapshots = new OverlaySnapshotter(root, Database, Trash, durable);
        Sync = new LayerSync(root, Database);
        Layers = new LayerStore(Database, Snapshots, Sync);
        Collector = new Collector(root, Database, Content, Trash);
        Check = new StorageCheck(root, Database, Content, Trash);
        Repair = new StorageRepair(root, Database, Content, Snapshots, Collector, Trash);
    }

    public DataRoot Root { get; }

    public Durable Durable { get; }

    public BerthDatabase Database { get; }

    public ContentStore Content { get; }

    public Trash Trash { get; }

    public ISnapshotter Snapshots { get; }

    public LayerSync Sync { get; }

    public LayerStore Layers { get; }

    public Collector Collector { get; }

    public StorageCheck Check { get; }

    public StorageRepair Repair { get; }

    /// <summary>Makes the folders and opens the database. Run <see cref="Repair"/> before serving anybody.</summary>
    /// <exception cref="EngineException">Unavailable: the database is of a newer program.</exception>
    public static StorageServices Open(DataRoot root, Durable durable) => new(root, durable);

    public void Dispose()
    {
        Content.Dispose();
        Database.Dispose();
    }
}
