using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Digests;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;

namespace Berth.Storage.Content;

/// <summary>Blobs in an OCI image layout below the data root, and their rows.</summary>
public sealed class ContentStore(DataRoot root, BerthDatabase database, Durable durable) : IContentStore, IDisposable
{
    // Held while a file gets its name and its row, or loses them: without it a collection could take a blob between the two.
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private long _ingests;

    public BlobInfo? Find(Digest digest)
    {
        // 0 is a size too, so the row must be told from none.
        long? size = database.Read(s => s.First("SELECT size FROM blobs WHERE digest = @digest", r => (long?)r.GetInt64(0), ("@digest", digest.ToString())));
        return size is { } bytes ? new BlobInfo(digest, bytes) : null;
    }

    public Stream Open(Digest digest)
    {
        try
        {
            return new FileStream(root.Blob(digest), FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        }
        catch (FileNotFoundException)
        {
            throw EngineException.NotFound($"content {digest} is not in the store");
        }
    }

    public IngestWriter Begin(Lease lease) =>
        new(this, lease, root.Ingest($"{Environment.ProcessId}-{Interlocked.Increment(ref _ingests)}"));

    /// <summary>Gives a received file its name and its row.</summary>
    internal async Task PublishAsync(string file, BlobInfo blob, Lease lease, CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel);
        try
        {
            File.Move(file, root.Blob(blob.Digest), overwrite: true);
            durable.Step("blob-rename");
            using (FileDescriptor folder = FileDescriptor.Open(root.Blobs, Libc.O_RDONLY | Libc.O_DIRECTORY))
            {
                FileSync.Sync(folder, root.Blobs);
            }

            await database.WriteAsync(
                t =>
                {
                    t.Execute(
                        "INSERT OR IGNORE INTO blobs (digest, size, created) VALUES (@digest, @size, @created)",
                        ("@digest", blob.Digest.ToString()), ("@size", blob.Size), ("@created", Clock.Now()));
                    lease.Keep(t, LeasedKind.Blob, blob.Digest.ToString());
                },
                CancellationToken.None);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Removes the rows that <paramref name="unreferenced"/> returns inside its transaction, then their files.</summary>
    internal async Task<IReadOnlyList<Digest>> RemoveAsync(Func<Transaction, IReadOnlyList<Digest>> unreferenced, CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel);
        try
        {
            IReadOnlyList<Digest> gone = await database.WriteAsync(
                t =>
                {
                    IReadOnlyList<Digest> digests = unreferenced(t);
                    foreach (Digest digest in digests)
                    {
                        t.Execute("DELETE FROM blobs WHERE digest = @digest", ("@digest", digest.ToString()));
                    }

                    return digests;
                },
                cancel);
            foreach (Digest digest in gone)
            {
                // Already gone is as good: the row decides.
                File.Delete(root.Blob(digest));
                durable.Step("blob-remove");
            }

            return gone;
        }
        finally
        {
            _publishing.Release();
        }
    }

    public void Dispose() => _publishing.Dispose();
}
