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
internal sealed class LayerArchive(Stream packed, long size, string shown, ExpansionLimit limit) : ForwardStream(packed)
{
    private readonly Stream _packed = packed;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Stream? _plain;
    private ArchiveCompression _compression;

    /// <summary>OCI's name of its form; once something was read.</summary>
    public string MediaType => Decompression.LayerType(_compression);

    /// <summary>The digest of all that was read; call once, at the end.</summary>
    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    /// <exception cref="EngineException">Invalid: packed otherwise than layers are, or a bomb.</exception>
    public override int Read(Span<byte> buffer)
    {
        _plain ??= Open();
        int count = _plain.Read(buffer);
        _hash.AppendData(buffer[..count]);
        Given += count;
        limit.Check(Given, size, shown);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _plain?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Open()
    {
        Stream plain = Decompression.Open(_packed, out _compression);
        return Decompression.IsLayerForm(_compression)
            ? plain
            : throw EngineException.Invalid($"the layer {shown} is packed with {_compression.ToString().ToLowerInvariant()}: layers are plain tar, gzip or zstd");
    }
}
