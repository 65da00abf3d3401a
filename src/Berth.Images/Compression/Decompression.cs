using System.IO.Compression;

using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Compression;

/// <summary>Unpacks archives on the fly.</summary>
internal static class Decompression
{
    private const int Longest = 6;

    /// <summary>Looks at the first bytes and answers a stream of the uncompressed ones, which owns <paramref name="stream"/>.</summary>
    /// <exception cref="EngineException">NotImplemented: packed by a program whose form is not read yet.</exception>
    public static Stream Open(Stream stream, out ArchiveCompression compression)
    {
        var peeked = new PeekedStream(stream);
        compression = Detect(peeked.Peek(Longest));
        return compression switch
        {
            ArchiveCompression.None => peeked,
            ArchiveCompression.Gzip => new GZipStream(peeked, CompressionMode.Decompress),
            ArchiveCompression.Zstd => new ZstdSharp.DecompressionStream(peeked, leaveOpen: false),
            _ => throw EngineException.NotImplemented($"archives packed with {compression.ToString().ToLowerInvariant()} are not read yet: unpack it first, or pack it with gzip or zstd"),
        };
    }

    public static ArchiveCompression Detect(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) ? ArchiveCompression.Gzip
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? ArchiveCompression.Zstd
        : head.StartsWith("BZh"u8) ? ArchiveCompression.Bzip2
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00]) ? ArchiveCompression.Xz
        : ArchiveCompression.None;

    /// <summary>OCI's name of a layer in that form.</summary>
    public static string LayerType(ArchiveCompression compression) => compression switch
    {
        ArchiveCompression.None => MediaTypes.Layer,
        ArchiveCompression.Gzip => MediaTypes.LayerGzip,
        ArchiveCompression.Zstd => MediaTypes.LayerZstd,
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };
}
