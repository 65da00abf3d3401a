using Berth.Oci.Digests;

namespace Berth.Images;

/// <summary>What a list of images shows, from rows alone.</summary>
/// <param name="Id">The digest of its config.</param>
/// <param name="Created">When it was built.</param>
/// <param name="Size">Bytes of its layers' files.</param>
/// <param name="RepoTags">Familiar names with tags; empty for a dangling image.</param>
/// <param name="RepoDigests">Familiar names with digests.</param>
/// <param name="Labels">Of its config.</param>
/// <param name="Containers">How many containers use it.</param>
public sealed record ImageSummary(
    Digest Id, DateTimeOffset Created, long Size, IReadOnlyList<string> RepoTags, IReadOnlyList<string> RepoDigests,
    IReadOnlyDictionary<string, string> Labels, int Containers);
