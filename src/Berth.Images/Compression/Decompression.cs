using System.IO.Compression;

using Berth.Oci.Images;

using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;

using Mode = SharpCompress.Compressors.CompressionMode;

namespace Berth.Images.Compression;

/// <summary>Unpacks archives on the fly.</summary>
internal static class Decompression
{
    /// <summary>How many bytes <see cref="Detect"/> wants to see.</summary>
    public const int Longest = 6;

    /// <summary>Looks at the first bytes and answers a stream of the uncompressed ones, which owns <paramref name="stream"/>.</summary>
    public static Stream Open(Stream stream, out ArchiveCompression compression)
    {
        var peeked = new PeekedStream(stream);
        compression = Detect(peeked.Peek(Longest));
        return compression switch
        {
            ArchiveCompression.None => peeked,
            ArchiveCompression.Gzip => new GZipStream(peeked, CompressionMode.Decompress),
            ArchiveCompression.Zstd => new DecoderStream(peeked, static s => new ZstdSharp.DecompressionStream(s), "zstd"),
            ArchiveCompression.Xz => new DecoderStream(peeked, static s => new XZStream(s), "xz"),
            ArchiveCompression.Bzip2 => new DecoderStream(peeked, static s => BZip2Stream.Create(s, Mode.Decompress, decompressConcatenated: true, leaveOpen: true), "bzip2"),
            _ => throw new ArgumentOutOfRangeException(nameof(stream)),
        };
    }

    public static ArchiveCompression Detect(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) ? ArchiveCompression.Gzip
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? ArchiveCompression.Zstd
        : head.StartsWith("BZh"u8) ? ArchiveCompression.Bzip2
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00]) ? ArchiveCompression.Xz
        : ArchiveCompression.None;

    /// <summary>Whether OCI has a name for a layer in that form; others are stored unpacked.</summary>
    public static bool IsLayerForm(ArchiveCompression compression) => compression is ArchiveCompression.None or ArchiveCompression.Gzip or ArchiveCompression.Zstd;

    /// <summary>OCI's name of a layer in that form.</summary>
    public static string LayerType(ArchiveCompression compression) => compression switch
    {
        ArchiveCompression.None => MediaTypes.Layer,
        ArchiveCompression.Gzip => MediaTypes.LayerGzip,
        ArchiveCompression.Zstd => MediaTypes.LayerZstd,
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };
}
