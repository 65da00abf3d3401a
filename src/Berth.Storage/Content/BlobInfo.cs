using Berth.Oci.Digests;

namespace Berth.Storage.Content;

/// <param name="Digest">Its name.</param>
/// <param name="Size">In bytes.</param>
public sealed record BlobInfo(Digest Digest, long Size);
