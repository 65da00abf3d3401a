using Berth.Linux.Mounts;

namespace Berth.Linux.Tests.Mounts;

public sealed class FileSystemMountTests
{
    [Fact]
    public void OneMoreFolderComesUppermost() =>
        Assert.Equal(["/init", "/0", "/1", "/up"], Overlay(2).WithUppermostLower("/init").Parameters.Select(static p => p.Value));

    [Fact]
    public void WhereOverlayfsHasNoRoomItIsLeftOut()
    {
        Assert.Equal(501, Overlay(499).WithUppermostLower("/init").Parameters.Count);
        FileSystemMount full = Overlay(500);
        Assert.Same(full, full.WithUppermostLower("/init"));
    }

    private static FileSystemMount Overlay(int lower) => new(
        "overlay", "overlay", [.. Enumerable.Range(0, lower).Select(static i => new MountParameter("lowerdir+", $"/{i}", IsPath: true)), new MountParameter("upperdir", "/up", IsPath: true)]);
}
