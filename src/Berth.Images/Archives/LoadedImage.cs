using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Snapshots;

namespace Berth.Images.Archives;

/// <summary>An image whose parts are in the stores, kept by a lease until its row is written.</summary>
/// <param name="Id">The digest of its config.</param>
/// <param name="Config">Parsed.</param>
/// <param name="Chain">Its layers.</param>
/// <param name="Blobs">Its config and manifests.</param>
internal sealed record LoadedImage(Digest Id, Image Config, ChainId? Chain, IReadOnlyList<Digest> Blobs);
