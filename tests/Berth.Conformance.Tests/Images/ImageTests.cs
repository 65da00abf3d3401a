using Berth.Testing.Archives;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

public sealed class ImageTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task LoadSaysWhatItLoaded(string client)
    {
        ProcessResult result = await fixture.Client(client).RunAsync(fixture.Daemon, await BusyboxArchive.OpenAsync(), "load");
        Assert.Equal("Loaded image: busybox:latest", result.Text);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ADamagedArchiveIsRefused(string client)
    {
        ProcessResult result = await fixture.Client(client).RunAsync(fixture.Daemon, new MemoryStream(new byte[10_000]), "load");
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task TagsComeAndGo(string client)
    {
        string repository = fixture.NewName("repo/x");
        await fixture.TextAsync(client, "tag", "busybox", $"{repository}:v1");
        Assert.Contains("v1", await fixture.TextAsync(client, "images", repository), StringComparison.Ordinal);
        string id = await fixture.TextAsync(client, "images", "-q", "--no-trunc", repository);
        Assert.Equal(id, await fixture.TextAsync(client, "inspect", "-f", "{{.Id}}", "busybox"));
        Assert.Equal($"Untagged: {repository}:v1", await fixture.TextAsync(client, "rmi", $"{repository}:v1"));
        Assert.Equal("", await fixture.TextAsync(client, "images", "-q", repository));
        Assert.Equal(1, (await fixture.RunAsync(client, "rmi", $"{repository}:v1")).ExitCode);
    }

    [Fact]
    public async Task ANameMayComeEscapedWhole()
    {
        Assert.Equal(
            (string?)(await fixture.Daemon.Api.JsonAsync("/images/busybox/json"))["Id"],
            (string?)(await fixture.Daemon.Api.JsonAsync("/v1.41/images/docker.io%2Flibrary%2fbusybox:latest/json"))["Id"]);
    }

    [Fact]
    public async Task EventsTellOfImages()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string busybox = await daemon.TextAsync("inspect", "-f", "{{.Id}}", "busybox");
        await daemon.TextAsync("tag", "busybox", "other:1");
        await daemon.TextAsync("rmi", "other:1");
        string archive = Path.Join(daemon.Folder, "empty.tar");
        await File.WriteAllBytesAsync(archive, new byte[1024]);
        string imported = await daemon.TextAsync("import", archive, "made:1");
        await daemon.TextAsync("rmi", "made:1");
        string now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000";
        string told = await daemon.TextAsync(
            "events", "--since", "2000-01-01T00:00:00", "--until", now, "--filter", "type=image", "--format", "{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}}");
        Assert.Equal(
            $"""
            load {busybox} busybox:latest
            tag {busybox} other:1
            untag {busybox} {busybox}
            import {imported} made:1
            untag {imported} {imported}
            delete {imported} {imported}
            """,
            told);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task InspectKnowsNamesAndIds(string client)
    {
        string id = await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Id}}", "busybox:latest");
        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        Assert.Equal(id, await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Id}}", id[7..19]));
        Assert.Equal("[sh] amd64 linux", await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Config.Cmd}} {{.Architecture}} {{.Os}}", "busybox"));
        Assert.Contains("busybox-static", await fixture.TextAsync(client, "history", "--no-trunc", "busybox"), StringComparison.Ordinal);
    }

    /// <summary>As by dockerd 20.10 in lists, and as by newer ones in an inspection.</summary>
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnImageWithoutATimeHasNoAge(string client)
    {
        (string Created, string Age)[] cases = [("", "N/A"), ("\"created\":\"0001-01-01T00:00:00Z\",", "N/A"), ("\"created\":\"1970-01-01T00:00:00Z\",", "years ago")];
        foreach ((string created, string age) in cases)
        {
            string name = fixture.NewName("timeless"), folder = $"{fixture.Daemon.Folder}/{name}";
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync($"{folder}/config.json", $$$"""{{{{created}}}"architecture":"amd64","os":"linux","author":"{{{name}}}","rootfs":{"type":"layers","diff_ids":[]}}""", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync($"{folder}/manifest.json", $$"""[{"Config":"config.json","RepoTags":["{{name}}:1"],"Layers":[]}]""", TestContext.Current.CancellationToken);
            _ = (await Run.Async("tar", "-C", folder, "-cf", $"{folder}.tar", "config.json", "manifest.json")).Text;
            await fixture.TextAsync(client, "load", "-i", $"{folder}.tar");
            Assert.Contains(age, await fixture.TextAsync(client, "images", $"{name}:1"), StringComparison.Ordinal);
            foreach (string version in (string[])["v1.41", "v1.44"])
            {
                Assert.Equal(created.Length > 0 || version == "v1.41", (await fixture.Daemon.Api.JsonAsync($"/{version}/images/{name}:1/json"))["Created"] is not null);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnImageInUseStays(string client)
    {
        await fixture.SleeperAsync(client);
        ProcessResult refused = await fixture.RunAsync(client, "rmi", "busybox");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("container", refused.Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "image", "inspect", "busybox");
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AFileSystemIsImported(string client)
    {
        string name = fixture.NewName("imported"), tar = $"{fixture.Daemon.Folder}/{name}.tar";
        await Run.Async("sh", "-c", $"mkdir -p {fixture.Daemon.Folder}/{name}/bin && cp /usr/bin/busybox {fixture.Daemon.Folder}/{name}/bin/ && tar -C {fixture.Daemon.Folder}/{name} -cf {tar} .");
        await using (FileStream archive = File.OpenRead(tar))
        {
            ProcessResult result = await fixture.Client(client).RunAsync(
                fixture.Daemon, archive, "import", "-c", "CMD [\"/bin/busybox\",\"echo\",\"from import\"]", "-c", "ENV A=b", "-m", "why", "-", name);
            Assert.Matches("^sha256:[0-9a-f]{64}$", result.Text);
        }

        Assert.Equal("from import", await fixture.TextAsync(client, "run", "--rm", name));
        Assert.Equal("[A=b] why", await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Config.Env}} {{.Comment}}", name));
    }
}
