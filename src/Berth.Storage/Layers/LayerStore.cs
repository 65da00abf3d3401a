using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Layers;

/// <summary>Layers: archives unpacked into committed snapshots.</summary>
public sealed class LayerStore(BerthDatabase database, IContentStore content, ISnapshotter snapshots)
{
    internal BerthDatabase Database => database;

    internal IContentStore Content => content;

    internal ISnapshotter Snapshots => snapshots;
}
