using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Leases;

namespace Berth.Images.Archives;

/// <summary>One file of a received archive: hashed, in memory or on disk, and in the content store only once somebody needs it there.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private readonly SemaphoreSlim _committing = new(1, 1);
    private readonly Func<IngestWriter>? _begin;
    private readonly byte[]? _small;
    private IngestWriter? _ingest;
    private BlobInfo? _blob;

    /// <summary>A file that was written aside; taken over.</summary>
    public ArchiveFile(IngestWriter ingest, ArchiveCompression compression) =>
        (_ingest, Compression, Digest, Size) = (ingest, compression, ingest.Finish(), ingest.Size);

    /// <summary>A small file, written only when it is committed.</summary>
    public ArchiveFile(byte[] bytes, IContentIngester content, Lease lease)
    {
        (_small, _begin) = (bytes, () => content.Begin(lease));
        (Compression, Digest, Size) = (Decompression.Detect(bytes), Digest.Of(bytes), bytes.Length);
    }

    public ArchiveCompression Compression { get; }

    public Digest Digest { get; }

    public long Size { get; }

    public Stream Open() => _small is not null ? new MemoryStream(_small, writable: false) : _ingest!.Reopen();

    /// <summary>Puts it into the content store, once however often it is asked for.</summary>
    public async Task<BlobInfo> CommitAsync(CancellationToken cancel)
    {
        await _committing.WaitAsync(cancel);
        try
        {
            if (_ingest is null)
            {
                _ingest = _begin!();
                _ingest.Write(_small);
            }

            return _blob ??= await _ingest.CommitAsync(Digest, cancel);
        }
        finally
        {
            _committing.Release();
        }
    }

    public void Dispose()
    {
        _ingest?.Dispose();
        _committing.Dispose();
    }
}
