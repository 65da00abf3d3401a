using System.Formats.Tar;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Isolation;

/// <summary>
/// Images whose files are links to a folder of the host, imported and run through the API: nothing outside is read, written, made or
/// covered. In the container the same path is another one, and usually missing.
/// </summary>
public sealed class LinkedImageTests : IClassFixture<DaemonFixture>, IDisposable
{
    private readonly DaemonFixture _fixture;
    private readonly string _outside;
    private readonly string[] _before;

    public LinkedImageTests(DaemonFixture fixture)
    {
        _fixture = fixture;
        _outside = Path.Join(fixture.Daemon.Folder, fixture.NewName("outside"));
        Directory.CreateDirectory(Path.Join(_outside, "folder"));
        File.WriteAllText(Path.Join(_outside, "secret"), "secret of the host\n");
        File.WriteAllText(Path.Join(_outside, "folder/secret"), "secret of the host\n");
        File.WriteAllText(Path.Join(_outside, "passwd"), "evil:x:4242:4242::/:/bin/sh\n");
        File.WriteAllText(Path.Join(_outside, "group"), "evil:x:4242:\n");
        _before = Print();
    }

    public static TheoryData<string> Ways => ["{0}", "../../../../../..{0}", "/proc/self/root{0}", "/proc/1/root/../..{0}"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task UsersOfTheHostAreNotRead(string way)
    {
        string image = await ImportAsync(way, ("etc/passwd", "passwd"), ("etc/group", "group"));
        ProcessResult user = await _fixture.RunAsync("28", "run", "--rm", "-u", "evil", image, "/bin/busybox", "id");
        Assert.Equal(125, user.ExitCode);
        Assert.Contains("unable to find user evil", user.Error, StringComparison.Ordinal);
        ProcessResult group = await _fixture.RunAsync("28", "run", "--rm", "-u", "1:evil", image, "/bin/busybox", "id");
        Assert.Equal(125, group.ExitCode);
        Assert.Equal("uid=0 gid=0 groups=0", await _fixture.TextAsync("28", "run", "--rm", image, "/bin/busybox", "id"));
    }

    /// <summary>The files that the engine binds over are links, and what options name lies behind links.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task NothingIsMadeOrMountedOutside(string way)
    {
        string image = await ImportAsync(way, ("etc/hosts", "secret"), ("etc/hostname", "made"), ("etc/resolv.conf", "folder/made"), ("link", "folder"), ("file", "secret"));
        Directory.CreateDirectory($"{_outside}-bound");
        foreach (string options in new[]
        {
            $"-v {_fixture.NewName("v")}:/link", $"-v {_fixture.NewName("v")}:/link/deep", $"-v {_outside}-bound:/x/../link/deep", "--tmpfs /link", "--tmpfs /link/deep",
            "-v /etc/hostname:/file", "-w /link/made", "--device /dev/null:/link/null",
        })
        {
            ProcessResult result = await _fixture.RunAsync(
                "28", ["run", "--rm", .. options.Split(' '), image, "/bin/busybox", "sh", "-c", "echo x > /link/written; echo x > /link/deep/written; cat /link/secret /file /etc/hosts; echo ran"]);

            // Whether it starts is the links' matter (through /proc they lead nowhere); what it did is ours.
            Assert.Contains(result.ExitCode, (int[])[0, 125, 127]);
            Assert.Equal(result.ExitCode == 0, result.Out.EndsWith("ran\n", StringComparison.Ordinal));
            Assert.DoesNotContain("secret of the host", result.Out, StringComparison.Ordinal);
            Assert.Equal(_before, Print());
        }
    }

    /// <summary>Where the container has such a path itself, that is the one.</summary>
    [Fact]
    public async Task ALinkLeadsToTheContainersOwnPath()
    {
        string image = await ImportAsync("{0}", ("link", "folder")), volume = _fixture.NewName("v");
        string text = await _fixture.TextAsync("28", "run", "--rm", "-v", $"{volume}:{_outside}/folder", "-w", "/link", image, "/bin/busybox", "sh", "-c", "echo x > here; pwd; /bin/busybox ls /link");
        Assert.Equal($"{_outside}/folder\nhere", text);
        Assert.Equal("x", await _fixture.TextAsync("28", "run", "--rm", "-v", $"{volume}:/v", "busybox", "cat", "/v/here"));
    }

    /// <summary>A new volume gets the image's files at its target, not the host's.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AVolumeIsNotFilledFromTheHost(string way)
    {
        string image = await ImportAsync(way, ("data", "folder"));
        string volume = _fixture.NewName("v");
        await _fixture.RunAsync("28", "run", "--rm", "-v", $"{volume}:/data", image, "/bin/busybox", "true");
        Assert.Equal("", await _fixture.TextAsync("28", "run", "--rm", "-v", $"{volume}:/v", "busybox", "ls", "/v"));
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    public async Task SystemFoldersAreNoLinksOut(string folder)
    {
        string image = await ImportAsync("{0}", (folder, "folder"));
        ProcessResult result = await _fixture.RunAsync("28", "run", "--rm", image, "/bin/busybox", "sh", "-c", "/bin/busybox ls /proc/self/status /dev/null /sys/kernel");
        Assert.True(result.ExitCode is 0 or 125, result.ToString());
        Assert.DoesNotContain("secret", result.Out, StringComparison.Ordinal);
    }

    /// <summary>After each test: the outside is as it was.</summary>
    public void Dispose()
    {
        Assert.Equal(_before, Print());
        Assert.DoesNotContain(_outside, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
        GC.SuppressFinalize(this);
    }

    private string[] Print() =>
    [
        .. Directory.EnumerateFileSystemEntries(_outside, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static p => Directory.Exists(p) ? p : $"{p}: {File.ReadAllText(p)}"),
    ];

    /// <summary>An image with busybox, and links to the outside.</summary>
    private async Task<string> ImportAsync(string way, params (string Path, string Target)[] links)
    {
        string name = _fixture.NewName("linked"), tar = Path.Join(_fixture.Daemon.Folder, name + ".tar");
        await using (var writer = new TarWriter(File.Create(tar)))
        {
            foreach (string folder in new[] { "bin", "etc", "tmp" })
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101 });
            }

            await writer.WriteEntryAsync("/usr/bin/busybox", "bin/busybox");
            foreach ((string path, string target) in links)
            {
                string to = string.Format(System.Globalization.CultureInfo.InvariantCulture, way, Path.Join(_outside, target));
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = to });
            }
        }

        await _fixture.TextAsync("28", "import", tar, name);
        return name;
    }
}
