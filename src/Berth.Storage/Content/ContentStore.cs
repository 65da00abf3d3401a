using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Digests;
using Berth.Storage.Content.Partials;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;

namespace Berth.Storage.Content;

/// <summary>Blobs in an OCI image layout below the data root, and their rows.</summary>
public sealed class ContentStore : IContentStore, IDisposable
{
    private readonly DataRoot _root;
    private readonly BerthDatabase _database;
    private readonly Durable _durable;
    private readonly PartialBlobs _partials;

    // Held while a file gets its name and its row, or loses them: without it a collection could take a blob between the two.
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private long _ingests;

    public ContentStore(DataRoot root, BerthDatabase database, Durable durable)
    {
        (_root, _database, _durable) = (root, database, durable);
        _partials = new PartialBlobs(root, durable, this);
    }

    public BlobInfo? Find(Digest digest)
    {
        // 0 is a size too, so the row must be told from none.
        long? size = _database.Read(s => s.First("SELECT size FROM blobs WHERE digest = @digest", r => (long?)r.GetInt64(0), ("@digest", digest.ToString())));
        return size is { } bytes ? new BlobInfo(digest, bytes) : null;
    }

    public Stream Open(Digest digest)
    {
        try
        {
            return new FileStream(_root.Blob(digest), FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        }
        catch (FileNotFoundException)
        {
            throw EngineException.NotFound($"content {digest} is not in the store");
        }
    }

    public IngestWriter Begin(Lease lease) =>
        new(this, lease, _root.Ingest($"{Environment.ProcessId}-{Interlocked.Increment(ref _ingests)}"));

    public Task<PartialBlob> JoinAsync(Digest digest, long size, Lease lease, IProgress<long>? progress, CancellationToken cancel) =>
        size >= 0 ? _partials.JoinAsync(digest, size, lease, progress, cancel) : throw EngineException.Invalid($"content {digest} cannot have {size} bytes");

    public Task<BlobInfo?> KeepAsync(Digest digest, Lease lease, CancellationToken cancel) =>
        Find(digest) is null ? Task.FromResult<BlobInfo?>(null) : _database.WriteAsync(
            t =>
            {
                long? size = t.First("SELECT size FROM blobs WHERE digest = @digest", r => (long?)r.GetInt64(0), ("@digest", digest.ToString()));
                if (size is not { } bytes)
                {
                    return null;
                }

                lease.Keep(t, LeasedKind.Blob, digest.ToString());
                return new BlobInfo(digest, bytes);
            },
            cancel);

    /// <summary>All blobs.</summary>
    public IReadOnlyList<BlobInfo> List() =>
        _database.Read(s => s.Query("SELECT digest, size FROM blobs ORDER BY digest", r => new BlobInfo(Digest.Parse(r.GetString(0)), r.GetInt64(1))));

    /// <summary>Blobs that are being fetched, and those whose fetch was broken off and can go on.</summary>
    public IReadOnlyList<PartialInfo> Partials() => _partials.List();

    /// <summary>Removes partial blobs that nobody has gone on with for so long, and what can be of no use to anybody.</summary>
    public void SweepPartials(TimeSpan olderThan) => _partials.Sweep(olderThan);

    /// <summary>Gives up what broken-off fetches left: partial blobs that nobody is at, and what lasting leases keep for a next try.</summary>
    /// <returns>The bytes that the partial blobs took on the disk; the rest goes with the next collection.</returns>
    public async Task<long> DropInterruptedAsync(CancellationToken cancel)
    {
        await _database.WriteAsync(t => t.Execute("DELETE FROM leases WHERE expires IS NOT NULL"), cancel);
        long before = Idle();
        _partials.Sweep(TimeSpan.Zero);
        return before - Idle();

        long Idle() => _partials.List().Where(p => !p.IsOpen).Sum(p => p.DiskBytes);
    }

    /// <summary>Gives a received file its name and its row.</summary>
    internal async Task PublishAsync(string file, BlobInfo blob, IReadOnlyList<Lease> leases, CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel);
        try
        {
            File.Move(file, _root.Blob(blob.Digest), overwrite: true);
            _durable.Step("blob-rename");
            using (FileDescriptor folder = FileDescriptor.Open(_root.Blobs, Libc.O_RDONLY | Libc.O_DIRECTORY))
            {
                FileSync.Sync(folder, _root.Blobs);
            }

            await _database.WriteAsync(
                t =>
                {
                    t.Execute(
                        "INSERT OR IGNORE INTO blobs (digest, size, created) VALUES (@digest, @size, @created)",
                        ("@digest", blob.Digest.ToString()), ("@size", blob.Size), ("@created", Clock.Now()));
                    foreach (Lease lease in leases)
                    {
                        lease.Keep(t, LeasedKind.Blob, blob.Digest.ToString());
                    }
                },
                CancellationToken.None);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Files among the blobs that no row names; on request removed.</summary>
    internal async Task<IReadOnlyList<string>> StrayFilesAsync(bool remove, CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel);
        try
        {
            HashSet<string> named = List().Select(b => b.Digest.Hex).ToHashSet();
            List<string> strays = [.. Directory.EnumerateFiles(_root.Blobs).Where(path => !named.Contains(Path.GetFileName(path)))];
            if (remove)
            {
                strays.ForEach(File.Delete);
            }

            return strays;
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
            IReadOnlyList<Digest> gone = await _database.WriteAsync(
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
                File.Delete(_root.Blob(digest));
                _durable.Step("blob-remove");
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
