using System.Security.Cryptography;

using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage;

namespace Berth.Images.Pull;

/// <summary>The uncompressed bytes of a layer, hashed and counted while they are read. The first read looks at how it is packed, and may wait for it.</summary>
/// <param name="packed">Owned.</param>
/// <param name="size">Bytes of it.</param>
/// <param name="shown">For errors.</param>
/// <param name="limit">How much it may grow.</param>
internal sealed class LayerArchive(Stream packed, long size, string shown, ExpansionLimit limit) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Stream? _plain;
    private ArchiveCompression _compression;
    private long _count;

    /// <summary>OCI's name of its form; once something was read.</summary>
    public string MediaType => Decompression.LayerType(_compression);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _count; set => throw new NotSupportedException(); }

    /// <summary>The digest of all that was read; call once, at the end.</summary>
    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    /// <exception cref="EngineException">Invalid: packed otherwise than layers are, or a bomb.</exception>
    public override int Read(Span<byte> buffer)
    {
        _plain ??= Open();
        int count = _plain.Read(buffer);
        _hash.AppendData(buffer[..count]);
        _count += count;
        limit.Check(_count, size, shown);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _plain?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Open()
    {
        Stream plain = Decompression.Open(packed, out _compression);
        return Decompression.IsLayerForm(_compression)
            ? plain
            : throw EngineException.Invalid($"the layer {shown} is packed with {_compression.ToString().ToLowerInvariant()}: layers are plain tar, gzip or zstd");
    }
}
