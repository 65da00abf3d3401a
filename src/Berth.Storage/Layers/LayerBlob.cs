using Berth.Oci.Digests;

namespace Berth.Storage.Layers;

/// <summary>Where a layer's bytes came from.</summary>
/// <param name="Digest">Of the blob as received.</param>
/// <param name="MediaType">OCI's name of its form.</param>
public sealed record LayerBlob(Digest Digest, string MediaType);
