using Berth.Linux.Mounts;

namespace Berth.Linux.Tests.Mounts;

public sealed class FileSystemMountTests
{
    [Fact]
    public void OneMoreFolderComesLowest() =>
        Assert.Equal(["/0", "/1", "/init", "/up"], Overlay(2).WithLowestLower("/init").Parameters.Select(static p => p.Value));

    [Fact]
    public void WhereOverlayfsHasNoRoomItIsLeftOut()
    {
        Assert.Equal(501, Overlay(499).WithLowestLower("/init").Parameters.Count);
        FileSystemMount full = Overlay(500);
        Assert.Same(full, full.WithLowestLower("/init"));
    }

    private static FileSystemMount Overlay(int lower) => new(
        "overlay", "overlay", [.. Enumerable.Range(0, lower).Select(static i => new MountParameter("lowerdir+", $"/{i}", IsPath: true)), new MountParameter("upperdir", "/up", IsPath: true)]);
}
