namespace Berth.Images.Compression;

/// <summary>How an archive is packed, told by its first bytes and never by a name.</summary>
public enum ArchiveCompression
{
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}
