using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Linux.Tests.Mounts;

/// <summary>The way of kernels before 6.8, which works on newer ones too.</summary>
public sealed class OldKernelOverlayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-overlay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OptionsAreRelativeToTheFolderOfAll()
    {
        (string folder, string options) = OldKernelOverlay.Describe(Overlay("/data/snapshots", "2/fs", "1/f:s,\\"));
        Assert.Equal("/data/snapshots", folder);
        Assert.Equal("lowerdir=2/fs:1/f\\:s\\,\\\\,upperdir=up/fs,workdir=up/work,index=off,volatile", options);
    }

    [Fact]
    public void ItIsDetachedAndWorksAfterItsThreadHasEnded()
    {
        foreach (string name in (string[])["1/fs", "2/fs", "up/fs", "up/work"])
        {
            Directory.CreateDirectory(Path.Join(_folder, name));
        }

        File.WriteAllText(Path.Join(_folder, "1/fs/below"), "1");
        File.WriteAllText(Path.Join(_folder, "2/fs/below"), "2");
        string mounts = File.ReadAllText("/proc/self/mountinfo");
        string here = Environment.CurrentDirectory;
        using (FileDescriptor root = OldKernelOverlay.Create(Overlay(_folder, "2/fs", "1/fs")))
        {
            Assert.Equal("2", File.ReadAllText($"/proc/self/fd/{root.Number}/below"));
            File.WriteAllText($"/proc/self/fd/{root.Number}/new", "x");
            Assert.True(File.Exists(Path.Join(_folder, "up/fs/new")));
            Assert.DoesNotContain(_folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        }

        Assert.Equal(here, Environment.CurrentDirectory);
        Assert.DoesNotContain(_folder, mounts, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyFoldersForThisKernelAreNamed()
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => OldKernelOverlay.Create(Overlay(_folder, [.. Enumerable.Range(0, 900).Select(i => $"{i}/fs")])));
        Assert.Contains("too long for this kernel", refused.Message, StringComparison.Ordinal);
    }

    private static FileSystemMount Overlay(string folder, params string[] lower) => new(
        "overlay", "overlay",
        [
            .. lower.Select(l => new MountParameter("lowerdir+", Path.Join(folder, l), IsPath: true)), new MountParameter("upperdir", Path.Join(folder, "up/fs"), IsPath: true),
            new MountParameter("workdir", Path.Join(folder, "up/work"), IsPath: true), new MountParameter("index", "off"), new MountParameter("volatile"),
        ]);
}
