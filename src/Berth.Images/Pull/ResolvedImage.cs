using Berth.Images.Registries;
using Berth.Oci.Images;

namespace Berth.Images.Pull;

/// <summary>What a name led to.</summary>
/// <param name="Documents">From the index that the name means down to the manifest; the first one's digest is the repository's.</param>
/// <param name="Config">Its config.</param>
/// <param name="Layers">From the lowest up.</param>
internal sealed record ResolvedImage(IReadOnlyList<FetchedManifest> Documents, Descriptor Config, IReadOnlyList<Descriptor> Layers)
{
    /// <summary>The manifest itself.</summary>
    public FetchedManifest Manifest => Documents[^1];

    /// <summary>What the name means.</summary>
    public FetchedManifest Top => Documents[0];
}
