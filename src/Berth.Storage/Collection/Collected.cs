using Berth.Oci.Digests;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Collection;

/// <summary>What a collection removed.</summary>
/// <param name="Chains">Layers, the uppermost first.</param>
/// <param name="Blobs">Contents.</param>
public sealed record Collected(IReadOnlyList<ChainId> Chains, IReadOnlyList<Digest> Blobs);
