using System.Text;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Layers;
using Berth.Storage.Tar;
using Berth.Tests;

namespace Berth.Storage.Tests.Layers;

public sealed class LayerUnpackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-layer-").FullName;

    public LayerUnpackTests() => Directory.CreateDirectory(Path.Join(_folder, "layer"));

    private string Layer => Path.Join(_folder, "layer");

    public void Dispose() => TreeRemoval.Remove(_folder);

    [Fact]
    public void WhiteoutsBecomeOverlaysOwn()
    {
        Unpack(new TarBuilder().Folder("d/").File("d/.wh.gone", "").File(".wh.other", "").Folder("o/").File("o/.wh..wh..opq", "").File("o/new", "x"));
        Assert.Equal((Libc.S_IFCHR, 0u, 0u), Node("d/gone"));
        Assert.Equal((Libc.S_IFCHR, 0u, 0u), Node("other"));
        Assert.Equal("y", Xattr("o", "trusted.overlay.opaque"));
        Assert.Equal("x", File.ReadAllText(Path.Join(Layer, "o/new")));
        Assert.False(File.Exists(Path.Join(Layer, "o/.wh..wh..opq")));
    }

    /// <summary>A whiteout speaks of the layers below: what its own layer has stays, in either order.</summary>
    [Fact]
    public void WhiteoutsSpareTheirOwnLayer()
    {
        Unpack(new TarBuilder()
            .File("file", "own").File(".wh.file", "")
            .File(".wh.late", "").File("late", "own")
            .Folder("folder/").File("folder/in", "own").File(".wh.folder", "")
            .File(".wh.later", "").Folder("later/").File("later/in", "own"));
        Assert.Equal("own", File.ReadAllText(Path.Join(Layer, "file")));
        Assert.Equal("own", File.ReadAllText(Path.Join(Layer, "late")));
        Assert.Equal("own", File.ReadAllText(Path.Join(Layer, "folder/in")));
        Assert.Equal("y", Xattr("folder", "trusted.overlay.opaque"));
        Assert.Equal("own", File.ReadAllText(Path.Join(Layer, "later/in")));
        Assert.Equal("y", Xattr("later", "trusted.overlay.opaque"));
    }

    [Theory]
    [InlineData(".wh.")]
    [InlineData("d/.wh...")]
    [InlineData(".wh..")]
    public void WhiteoutsOfNothingAreRefused(string name) => Assert.Throws<TarException>(() => Unpack(new TarBuilder().File(name, "")));

    [Fact]
    public void AufsBookKeepingIsLeftOut()
    {
        Unpack(new TarBuilder().Folder(".wh..wh.plnk").File(".wh..wh.aufs", "").File("a", ""));
        Assert.Equal(["a"], Directory.GetFileSystemEntries(Layer).Select(Path.GetFileName));
    }

    [Fact]
    public void SymlinksOfTheArchiveLeadNowhereOutside()
    {
        string outside = Path.Join(_folder, "outside");
        Directory.CreateDirectory(outside);
        Unpack(new TarBuilder()
            .Symlink("abs", outside).File("abs/in", "x")
            .Symlink("up", "../../../../../../.." + outside).File("up/in2", "x")
            .Symlink("one", "two").Symlink("two", "../../outside").File("one/in3", "x"));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.True(File.Exists(Path.Join(Layer, outside[1..], "in")));
        Assert.True(File.Exists(Path.Join(Layer, outside[1..], "in2")));
        Assert.True(File.Exists(Path.Join(Layer, "outside/in3")));
    }

    [Fact]
    public void HardLinksOfTheArchiveReachNothingOutside()
    {
        string secret = Path.Join(_folder, "secret");
        File.WriteAllText(secret, "secret");
        Assert.Throws<LinuxException>(() => Unpack(new TarBuilder().HardLink("stolen", secret)));
        Assert.Throws<TarException>(() => Unpack(new TarBuilder().HardLink("stolen", "../secret")));
        Assert.Throws<LinuxException>(() => Unpack(new TarBuilder().Symlink("s", _folder).HardLink("stolen", "s/secret")));
        Assert.False(File.Exists(Path.Join(Layer, "stolen")));
    }

    /// <summary>The file behind a link at the very end of a name must not be written through it.</summary>
    [Fact]
    public void AFileReplacesASymlinkInsteadOfFollowingIt()
    {
        string secret = Path.Join(_folder, "secret");
        File.WriteAllText(secret, "secret");
        Unpack(new TarBuilder().Symlink("a", secret).File("a", "new").Symlink("d", _folder).Folder("d/").File("d/secret", "inside").Symlink("l", "a").HardLink("h", "l"));
        Assert.Equal("secret", File.ReadAllText(secret));
        Assert.Equal("new", File.ReadAllText(Path.Join(Layer, "a")));
        Assert.Null(new FileInfo(Path.Join(Layer, "a")).LinkTarget);
        Assert.Equal("inside", File.ReadAllText(Path.Join(Layer, "d/secret")));
        Assert.Equal("a", new FileInfo(Path.Join(Layer, "h")).LinkTarget);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/../escape")]
    [InlineData("..")]
    public void NamesThatLeaveTheRootAreRefused(string name)
    {
        Assert.Throws<TarException>(() => Unpack(new TarBuilder().File(name, "x")));
        Assert.Equal([Layer], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("/abs", "abs")]
    [InlineData("./a/./b//c", "a/b/c")]
    [InlineData("a/x/../b", "a/b")]
    [InlineData("a/...", "a/...")]
    public void NamesAreCleaned(string name, string path)
    {
        Unpack(new TarBuilder().File(name, "x"));
        Assert.Equal("x", File.ReadAllText(Path.Join(Layer, path)));
    }

    [Fact]
    public void EveryKindReplacesEveryOther()
    {
        Unpack(new TarBuilder()
            .File("a", "file").Folder("a/").File("a/in", "x")
            .Folder("b/").File("b/deep", "x").File("b", "file")
            .Folder("c/").File("c/in", "x").Symlink("c", "b")
            .Symlink("d", "b").Folder("d/")
            .File("e", "1").File("e", "22")
            .Folder("f/").File("f/in", "kept").Folder("f/", 0x1C0)
            .File("g", "x").Header("g", '6', 0)
            .File("h", "x").File("i", "y").HardLink("h", "i").HardLink("i", "i"));
        Assert.True(File.Exists(Path.Join(Layer, "a/in")));
        Assert.Equal("file", File.ReadAllText(Path.Join(Layer, "b")));
        Assert.Equal("b", new FileInfo(Path.Join(Layer, "c")).LinkTarget);
        Assert.True(Directory.Exists(Path.Join(Layer, "d")));
        Assert.Null(new DirectoryInfo(Path.Join(Layer, "d")).LinkTarget);
        Assert.Equal("22", File.ReadAllText(Path.Join(Layer, "e")));
        Assert.Equal("kept", File.ReadAllText(Path.Join(Layer, "f/in")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Join(Layer, "f")));
        Assert.Equal(Libc.S_IFIFO, Node("g").Type);
        Assert.Equal("y", File.ReadAllText(Path.Join(Layer, "h")));
    }

    [Fact]
    public void AttributesSurvive()
    {
        byte[] capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Unpack(new TarBuilder()
            .Folder("d/", 0x5FD /* 02775 */)
            .PaxRaw([
                .. TarBuilder.Record("mtime=1111111111.987654321"u8.ToArray()),
                .. TarBuilder.Record([.. "SCHILY.xattr.security.capability="u8, .. capability]),
                .. TarBuilder.Record("SCHILY.xattr.user.note=a\nb\0c"u8.ToArray()),
            ])
            .Header("d/suid", '0', 0, mode: 0xDED /* 06755 */, uid: 12, gid: 34)
            .Pax("mtime=5.000000001").Header("d/", '5', 0, mode: 0x5FD, uid: 1, gid: 2)
            .Header("d/late", '0', 0));
        Assert.Equal(["a\nb\0c", Encoding.Latin1.GetString(capability)], [Xattr("d/suid", "user.note"), Xattr("d/suid", "security.capability")]);
        List<string> lines = TreePrint.Of(Layer);
        Assert.Contains(lines, l => l.StartsWith("d/suid 106755 12:34 1111111111.987654321 ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("d 42775 1:2 5.000000001", StringComparison.Ordinal));
    }

    /// <summary>A redirect of overlayfs in a stranger's layer could show files from outside the image.</summary>
    [Fact]
    public void OverlaysOwnAttributesAreLeftOut()
    {
        Unpack(new TarBuilder().Pax("SCHILY.xattr.trusted.overlay.redirect=/etc\nSCHILY.xattr.trusted.overlay.opaque=y").Folder("d/"));
        Assert.Null(Xattr("d", "trusted.overlay.redirect"));
        Assert.Null(Xattr("d", "trusted.overlay.opaque"));
    }

    [Fact]
    public void TheRootItselfHasAttributes()
    {
        Unpack(new TarBuilder().Folder("./", 0x1C0).File("./a", "x"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Layer));
        Assert.Throws<TarException>(() => Unpack(new TarBuilder().Symlink(".", "/etc")));
        Assert.Throws<TarException>(() => Unpack(new TarBuilder().File("/", "x")));
    }

    [Fact]
    public void NamesAreBytes()
    {
        Unpack(new TarBuilder().PaxRaw(TarBuilder.Record([.. "path=d/"u8, 0xFF, 0xFE, (byte)'\n'])).File("x", "y"));
        Assert.Contains(TreePrint.Of(Layer), l => l.StartsWith("d/\u00FF\u00FE\n 100644", StringComparison.Ordinal));
    }

    [Fact]
    public void SizesAreCountedAndSparseFilesStaySparse()
    {
        long size = Unpack(new TarBuilder().File("a", "12345").File("s", new byte[4096], pax: "GNU.sparse.map=1048576,4096\nGNU.sparse.size=104857600"));
        Assert.Equal(5 + 104857600, size);
        Assert.True(new FileInfo(Path.Join(Layer, "s")).Length == 104857600);
        Assert.True(long.Parse(TestShell.Run($"stat -c %b {Layer}/s"), System.Globalization.CultureInfo.InvariantCulture) < 100);
    }

    [Fact]
    public void DeepTreesAreMadeAndRemoved()
    {
        var archive = new TarBuilder();
        string path = "d";
        for (int i = 0; i < 900; i++, path += "/d")
        {
            archive.Pax($"path={path}").Folder("x");
        }

        Unpack(archive);
        Assert.True(Directory.Exists(Path.Join(Layer, string.Join('/', Enumerable.Repeat("d", 900)))));
        TreeRemoval.Remove(Layer);
        Assert.False(Directory.Exists(Layer));
    }

    private long Unpack(TarBuilder archive)
    {
        using var tree = new TreeWriter(FileDescriptor.Open(Layer, Libc.O_RDONLY | Libc.O_DIRECTORY));
        var unpacker = new LayerUnpacker(tree, new TarReader(new MemoryStream(archive.Build()), TarLimits.Default), TestContext.Current.CancellationToken);
        unpacker.Run();
        return unpacker.Size;
    }

    private (uint Type, uint Major, uint Minor) Node(string path)
    {
        using var tree = new TreeWriter(FileDescriptor.Open(Layer, Libc.O_RDONLY | Libc.O_DIRECTORY));
        TreeStat stat = tree.Find(Encoding.UTF8.GetBytes(path)) ?? throw new FileNotFoundException(path);
        return (stat.Mode & Libc.S_IFMT, stat.DeviceMajor, stat.DeviceMinor);
    }

    private string? Xattr(string path, string name)
    {
        using FileDescriptor root = FileDescriptor.Open(Layer, Libc.O_RDONLY | Libc.O_DIRECTORY);
        string? value = null;
        TreeWalk.Run(root, item =>
        {
            if (Encoding.UTF8.GetString(item.Path) == path)
            {
                TreeXattr found = item.ReadXattrs().FirstOrDefault(x => Encoding.UTF8.GetString(x.Name) == name);
                value = found.Value is null ? null : Encoding.Latin1.GetString(found.Value);
            }

            return true;
        });
        return value;
    }
}
