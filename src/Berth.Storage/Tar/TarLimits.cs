namespace Berth.Storage.Tar;

/// <summary>What an archive of a stranger may ask for. What is above is refused by name.</summary>
public sealed record TarLimits
{
    public static TarLimits Default { get; } = new();

    /// <summary>Bytes of a name or a link's target: the kernel takes no longer path (PATH_MAX).</summary>
    public int NameLength { get; init; } = 4095;

    /// <summary>Bytes of one entry's extended header: 64 KiB an attribute, and several of them.</summary>
    public int HeaderLength { get; init; } = 1 << 20;

    /// <summary>Entries of one archive.</summary>
    public long Entries { get; init; } = 10_000_000;

    /// <summary>Bytes of all files of one archive, as written to disk.</summary>
    public long TotalSize { get; init; } = 1L << 40;

    /// <summary>Pieces of one sparse file.</summary>
    public int SparsePieces { get; init; } = 1 << 20;
}
