using Berth.Storage.Snapshots;

namespace Berth.Storage.Layers;

/// <summary>A layer on disk that no chain names yet.</summary>
/// <param name="Key">Its active snapshot.</param>
/// <param name="Size">Bytes of its regular files.</param>
public sealed record UnpackedLayer(SnapshotKey Key, long Size);
