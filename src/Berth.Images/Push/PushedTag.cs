using Berth.Oci.Digests;

namespace Berth.Images.Push;

/// <summary>What a tag means in its registry after a push.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">Of the manifest.</param>
/// <param name="Size">Bytes of the manifest.</param>
public sealed record PushedTag(string Tag, Digest Digest, long Size);
