using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images.Archives;

/// <summary>One image on its way into an archive.</summary>
/// <param name="Id">The digest of its config.</param>
/// <param name="Config">That config's descriptor.</param>
/// <param name="Names">The names it is saved under.</param>
/// <param name="Top">What index.json points to: its manifest, or the index that it came by.</param>
/// <param name="Layers">From the lowest up, as they are stored: compressed where they came so.</param>
/// <param name="LeftOut">How many of the lowest the other side has.</param>
/// <param name="Documents">Attestations, manifests and indexes, the uppermost last, with the bytes of those that are not in the content store.</param>
internal sealed record SavedImage(
    Digest Id, Descriptor Config, IReadOnlyList<ImageReference> Names, Descriptor Top, IReadOnlyList<Descriptor> Layers, int LeftOut,
    IReadOnlyList<(Descriptor Descriptor, byte[]? Bytes)> Documents);
