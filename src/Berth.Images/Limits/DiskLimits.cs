namespace Berth.Images.Limits;

/// <summary>How much of the disk images may take.</summary>
/// <param name="ImageCap">Bytes of all layers, contents and broken-off downloads together; null: no limit.</param>
/// <param name="FreeSpaceFloor">Bytes that stay free on the data root's file system; null: no limit.</param>
public sealed record DiskLimits(long? ImageCap, long? FreeSpaceFloor)
{
    public bool AreSet => ImageCap is not null || FreeSpaceFloor is not null;
}
