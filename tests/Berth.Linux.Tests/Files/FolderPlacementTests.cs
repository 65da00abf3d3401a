using System.Diagnostics;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Tests.Files;

public sealed class FolderPlacementTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("berth-placement-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void SubfoldersAreSpreadWhereTheFileSystemKnowsHow()
    {
        Assert.SkipUnless(Attributes() is { } before && !before.Contains('T'), "the file system of the temporary folder has no such attribute");
        using (FileDescriptor folder = FileDescriptor.Open(_root, Libc.O_RDONLY | Libc.O_DIRECTORY))
        {
            FolderPlacement.SpreadSubfolders(folder);
            FolderPlacement.SpreadSubfolders(folder);
        }

        Assert.Contains('T', Attributes()!);
    }

    [Fact]
    public void OneThatDoesNotIsLeftAlone()
    {
        using FileDescriptor folder = FileDescriptor.Open("/proc/self", Libc.O_RDONLY | Libc.O_DIRECTORY);
        FolderPlacement.SpreadSubfolders(folder);
    }

    // lsattr(1) is of the base system. Null: not an ext4.
    private string? Attributes()
    {
        if (new DriveInfo(_root).DriveFormat is not ("ext4" or "ext3" or "ext2"))
        {
            return null;
        }

        using Process lister = Process.Start(new ProcessStartInfo("lsattr", ["-d", _root]) { RedirectStandardOutput = true })!;
        string line = lister.StandardOutput.ReadToEnd();
        lister.WaitForExit();
        Assert.Equal(0, lister.ExitCode);
        return line.Split(' ')[0];
    }
}
