namespace Berth.Storage.Tar;

/// <summary>A piece of a sparse file that has data; between pieces are zeros.</summary>
public readonly record struct TarSparsePiece(long Offset, long Length);
