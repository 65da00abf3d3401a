using Berth.Conformance.Tests.Isolation;
using Berth.Testing.Archives;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>What is saved here is taken elsewhere, with the same ids and the same trees.</summary>
[Collection(BothEngines.Collection)]
public sealed class SaveTests(BothEngines engines)
{
    private const string Changes =
        "useradd -m eve; rm /usr/bin/sort; rm -rf /usr/share/doc; mkdir /usr/share/doc; echo new > /usr/share/doc/new; chmod 4711 /usr/bin/env; ln /etc/passwd /x; "
        + "mkdir -p /$(printf 'long%.0s' $(seq 40))/$(printf 'name%.0s' $(seq 40)); touch -d 1999-01-01 /old; mkfifo /fifo; mknod /node c 1 3; chown 70000:4000000 /old; ln -s /nowhere /link";

    [Fact]
    public async Task DockerLoadsWhatIsCommittedHere()
    {
        await OursAsync("import", await DebianArchive.PathAsync(), "base:1");
        await OursAsync("run", "--name", "saves", "base:1", "bash", "-ec", Changes);
        string id = await OursAsync("commit", "-c", "CMD [\"cat\",\"/usr/share/doc/new\"]", "-c", "USER eve", "saves", "saved:here");
        foreach (string client in (string[])["28", "20.10", "berth"])
        {
            string archive = Path.Join(engines.Theirs.Folder, $"here-{client}.tar");
            await RunAsync(client, "save", "-o", archive, "saved:here", "base:1");
            string loaded = await engines.Theirs.TextAsync("load", "-i", archive);
            Assert.Contains("Loaded image: saved:here", loaded, StringComparison.Ordinal);
            Assert.Contains("Loaded image: base:1", loaded, StringComparison.Ordinal);
            Assert.Equal(id, await engines.Theirs.TextAsync("inspect", "-f", "{{.Id}}", "saved:here"));
            Assert.Equal("new", await engines.Theirs.TextAsync("run", "--rm", "--net", "none", "saved:here"));
            await CompareTreesAsync();
            await engines.Theirs.TextAsync("rmi", "saved:here", "base:1");
            File.Delete(archive);
        }

        await OursAsync("rm", "saves");
        await OursAsync("rmi", "saved:here", "base:1");
    }

    [Fact]
    public async Task SkopeoAndPodmanTakeItToo()
    {
        await OursAsync("run", "--name", "small", "busybox", "sh", "-c", "rm /bin/vi; echo x >/x; chmod 4755 /x");
        string id = await OursAsync("commit", "small", "localhost/small:v1");
        string folder = Path.Join(engines.Ours.Folder, "foreign"), archive = Path.Join(folder, "small.tar");
        Directory.CreateDirectory(folder);
        await OursAsync("save", "-o", archive, "localhost/small:v1");
        foreach (string source in (string[])[$"docker-archive:{archive}:localhost/small:v1", $"oci-archive:{archive}:v1"])
        {
            Assert.Contains(id, (await Run.Async("skopeo", "inspect", "--raw", source)).Text, StringComparison.Ordinal);
            _ = (await Run.Async("skopeo", "--insecure-policy", "copy", "-q", source, $"oci:{folder}/copied:v1")).Text;
        }

        string[] podman = ["--root", $"{folder}/root", "--runroot", $"{folder}/run", "--storage-driver", "vfs"];
        _ = (await Run.Async("podman", [.. podman, "load", "-q", "-i", archive])).Text;
        Assert.Equal(id, $"sha256:{(await Run.Async("podman", [.. podman, "image", "inspect", "--format", "{{.Id}}", "localhost/small:v1"])).Text}");
        await OursAsync("rm", "small");
        await OursAsync("rmi", "localhost/small:v1");
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task SinceTakesOnlyTheNewLayers(string client)
    {
        await RunAsync(client, "run", "--name", "later", "busybox", "sh", "-c", "echo later >/later");
        string id = await RunAsync(client, "commit", "later", "later:1");
        string archive = Path.Join(engines.Ours.Folder, "later.tar");
        await OursAsync("save", "--since", "busybox", "-o", archive, "later:1");
        Assert.InRange(new FileInfo(archive).Length, 1, 50_000);
        await RunAsync(client, "rm", "later");
        await RunAsync(client, "rmi", "later:1");
        Assert.Equal("Loaded image: later:1", await RunAsync(client, "load", "-q", "-i", archive));
        Assert.Equal(id, await RunAsync(client, "image", "inspect", "-f", "{{.Id}}", "later:1"));
        Assert.Equal("later", await RunAsync(client, "run", "--rm", "later:1", "cat", "/later"));
        await RunAsync(client, "rmi", "later:1");
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ErrorsAreDockers(string client)
    {
        ProcessResult missing = await Clients.Of(client).RunAsync(engines.Ours, "save", "-o", Path.Join(engines.Ours.Folder, "no.tar"), "nothing:1");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("No such image: nothing:1", missing.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(engines.Ours.Folder, "no.tar")));
        Assert.Contains("No such container: nothing", (await Clients.Of(client).RunAsync(engines.Ours, "export", "nothing")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("save busybox")]
    [InlineData("export any")]
    public async Task NoArchiveIsWrittenToATerminal(string command)
    {
        await using PtySession terminal = Clients.Of("berth").OnTerminal(engines.Ours, command);
        await terminal.ExpectAsync("cowardly refusing");
        Assert.Equal(1, await terminal.ExitCodeAsync());
    }

    // The files of a container that never ran, as each engine exports them.
    private async Task CompareTreesAsync()
    {
        string ours = Path.Join(engines.Ours.Folder, "ours.tar"), theirs = Path.Join(engines.Ours.Folder, "theirs.tar");
        await OursAsync("create", "--name", "tree", "saved:here");
        await engines.Theirs.TextAsync("create", "--name", "tree", "saved:here");
        await OursAsync("export", "-o", ours, "tree");
        await engines.Theirs.TextAsync("export", "-o", theirs, "tree");
        string[] listed = await TarListing.OfAsync(ours);
        Assert.True(listed.Length > 1000);
        Assert.Equal(await TarListing.OfAsync(theirs), listed);
        await OursAsync("rm", "tree");
        await engines.Theirs.TextAsync("rm", "tree");
    }

    private Task<string> OursAsync(params string[] arguments) => RunAsync("berth", arguments);

    private async Task<string> RunAsync(string client, params string[] arguments) => (await Clients.Of(client).RunAsync(engines.Ours, arguments)).Text;
}
