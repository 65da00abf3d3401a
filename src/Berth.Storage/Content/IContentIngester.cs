using Berth.Oci.Digests;
using Berth.Storage.Content.Partials;
using Berth.Storage.Leases;

namespace Berth.Storage.Content;

/// <summary>Writing blobs.</summary>
public interface IContentIngester
{
    /// <summary>Begins a blob that <paramref name="lease"/> keeps once it is committed.</summary>
    IngestWriter Begin(Lease lease);

    /// <summary>Asks for a blob by its digest: one that the store has, one that another is fetching just now, or one to be fetched or gone on with.</summary>
    /// <param name="digest">Its name.</param>
    /// <param name="size">Its length as the descriptor says it.</param>
    /// <param name="lease">Keeps it once it is in the store. A lasting one also keeps it over a failure, for the next try.</param>
    /// <param name="progress">Told the bytes that are there, whoever fetches them, from the threads that write; must be quick.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: the store has it with another length.</exception>
    Task<PartialBlob> JoinAsync(Digest digest, long size, Lease lease, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>Has a lease keep a blob that is in the store. Null: it is not.</summary>
    Task<BlobInfo?> KeepAsync(Digest digest, Lease lease, CancellationToken cancel);
}
