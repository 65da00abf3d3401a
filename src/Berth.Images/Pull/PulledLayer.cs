using Berth.Oci.Digests;
using Berth.Storage.Layers;

namespace Berth.Images.Pull;

/// <summary>A layer that was fetched, verified and unpacked, and waits for those below it to be committed.</summary>
internal sealed record PulledLayer(UnpackedLayer Layer, LayerBlob Blob, Digest DiffId);
