using System.Security.Cryptography;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Digests;
using Berth.Storage.Leases;

namespace Berth.Storage.Content;

/// <summary>A blob being received: hashed while it is written, named only when it is whole and on the disk. Disposing one that was not committed removes it.</summary>
public sealed class IngestWriter : IDisposable
{
    /// <summary>So many bytes on, an early sync begins.</summary>
    private const long Stretch = 8 << 20;

    private readonly ContentStore _store;
    private readonly Lease _lease;
    private readonly string _path;
    private readonly FileDescriptor _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Digest? _digest;
    private long _begun;
    private bool _moved;

    internal IngestWriter(ContentStore store, Lease lease, string path)
    {
        (_store, _lease, _path) = (store, lease, path);
        _file = FileDescriptor.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL, 0x180 /* 0600 */);
    }

    /// <summary>The disk gets to work while this is written: for one whose commit somebody waits for as soon as it is whole.</summary>
    public bool SyncsEarly { get; set; }

    /// <summary>Bytes so far.</summary>
    public long Size { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        FileWrite.All(_file, bytes, _path);
        _hash.AppendData(bytes);
        Size += bytes.Length;
        if (SyncsEarly && Size - _begun >= Stretch)
        {
            FileSync.Begin(_file, _begun, Size - _begun);
            _begun = Size;
        }
    }

    /// <summary>The digest of what was written; nothing can be written afterwards.</summary>
    public Digest Finish() => _digest ??= Digest.FromHash(_hash.GetHashAndReset());

    /// <summary>The bytes written so far, readable before and after the commit.</summary>
    public Stream Reopen()
    {
        // By the descriptor's own link, as the name changes with the commit. A new open file, so readers have positions of their own.
        FileDescriptor again = FileDescriptor.Open($"/proc/self/fd/{_file.Number}", Libc.O_RDONLY);
        return new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(again.Release(), ownsHandle: true), FileAccess.Read, 0);
    }

    /// <summary>Syncs and names it; it is in the store, kept by the lease, when the task ends.</summary>
    /// <param name="expected">The digest it must have; null: any.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: the bytes are others than expected.</exception>
    public async Task<BlobInfo> CommitAsync(Digest? expected, CancellationToken cancel)
    {
        Digest digest = Finish();
        if (expected is { } wanted && wanted != digest)
        {
            throw EngineException.Invalid($"content {wanted} is damaged: what was received has the digest {digest}");
        }

        var blob = new BlobInfo(digest, Size);
        FileSync.Sync(_file, _path);
        await _store.PublishAsync(_path, blob, [_lease], cancel);
        _moved = true;
        return blob;
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_moved)
        {
            File.Delete(_path);
        }
    }
}
