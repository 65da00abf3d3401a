using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Tests.Files;

public sealed class RootPathTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("berth-root-").FullName;

    public RootPathTests()
    {
        Directory.CreateDirectory($"{_root}/run/deep");
        Link("var", "run");
        Link("up", "../../../../etc");
        Link("absolute", "/run/deep");
        Link("dangling", "/nowhere/at/all");
        Link("a", "b");
        Link("b", "a");
    }

    [Theory]
    [InlineData("/run/x", "/run/x")]
    [InlineData("/var/x/y", "/run/x/y")]
    [InlineData("/up/passwd", "/etc/passwd")]
    [InlineData("/absolute/x", "/run/deep/x")]
    [InlineData("/dangling/x", "/nowhere/at/all/x")]
    [InlineData("/../../x", "/x")]
    [InlineData("/run/../var/./deep", "/run/deep")]
    [InlineData("/", "/")]
    public void LinksStayInside(string path, string resolved)
    {
        using FileDescriptor root = FileDescriptor.Open(_root, Libc.O_PATH | Libc.O_DIRECTORY);
        Assert.Equal(resolved, RootPath.Resolve(root, path));
    }

    [Fact]
    public void ACircleIsRefused()
    {
        using FileDescriptor root = FileDescriptor.Open(_root, Libc.O_PATH | Libc.O_DIRECTORY);
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => RootPath.Resolve(root, "/a/x")).Errno);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Link(string name, string target) => File.CreateSymbolicLink($"{_root}/{name}", target);
}
