using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Snapshots;

namespace Berth.Images;

/// <summary>An image in the store.</summary>
/// <param name="Id">The digest of its config.</param>
/// <param name="Config">The config, parsed.</param>
/// <param name="Chain">Its layers' stack; null: it has none.</param>
/// <param name="RepoTags">Familiar names with tags, e.g. "busybox:latest".</param>
/// <param name="RepoDigests">Familiar names with digests.</param>
/// <param name="Size">Bytes of its layers' files, as Docker counts them.</param>
/// <param name="LastTagged">When it was tagged last; null: never.</param>
public sealed record ImageRecord(
    Digest Id, Image Config, ChainId? Chain, IReadOnlyList<string> RepoTags, IReadOnlyList<string> RepoDigests, long Size, DateTimeOffset? LastTagged)
{
    /// <summary>The image that it was committed on, where that is still there.</summary>
    public Digest? Parent { get; init; }
}
