using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage.Content;

namespace Berth.Images.Archives;

/// <summary>One file of a received archive: on disk, hashed, and in the content store only once somebody needs it there.</summary>
internal sealed class ArchiveFile(IngestWriter ingest, ArchiveCompression compression) : IDisposable
{
    private readonly SemaphoreSlim _committing = new(1, 1);
    private BlobInfo? _blob;

    public ArchiveCompression Compression => compression;

    public Digest Digest { get; } = ingest.Finish();

    public long Size => ingest.Size;

    public Stream Open() => ingest.Reopen();

    /// <summary>Puts it into the content store, once however often it is asked for.</summary>
    public async Task<BlobInfo> CommitAsync(CancellationToken cancel)
    {
        await _committing.WaitAsync(cancel);
        try
        {
            return _blob ??= await ingest.CommitAsync(null, cancel);
        }
        finally
        {
            _committing.Release();
        }
    }

    public void Dispose()
    {
        ingest.Dispose();
        _committing.Dispose();
    }
}
