using Berth.Oci.Digests;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Layers;

/// <summary>A layer in the store.</summary>
/// <param name="Chain">Its stack.</param>
/// <param name="Parent">The stack below it; null: it is the lowest.</param>
/// <param name="DiffId">Of its uncompressed archive.</param>
/// <param name="Blob">Where it came from.</param>
/// <param name="Size">Bytes of its regular files and symlinks.</param>
public sealed record LayerInfo(ChainId Chain, ChainId? Parent, Digest DiffId, LayerBlob Blob, long Size);
