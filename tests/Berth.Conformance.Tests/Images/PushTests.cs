using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>Pushes by the stock clients, and by ours, into Debian's docker-registry.</summary>
public sealed class PushTests(PullFixture fixture) : IClassFixture<PullFixture>
{
    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ACommittedImageComesBackTheSame(string client)
    {
        string from = $"{fixture.Open.Name}/lib/busybox", name = $"{fixture.Open.Name}/made/by{client}:1", container = $"push{client}";
        await fixture.TextAsync(client, "pull", from);
        await fixture.TextAsync(client, "run", "--name", container, "--net", "none", from, "sh", "-c", "echo new >/new; rm /bin/vi");
        string id = await fixture.TextAsync(client, "commit", container, name);
        string told = await fixture.TextAsync(client, "push", name);
        Assert.StartsWith($"The push refers to repository [{name[..^2]}]", told, StringComparison.Ordinal);
        Assert.Contains(": Mounted from ", told, StringComparison.Ordinal); // whichever repository of the registry has it
        Assert.Contains(": Pushed", told, StringComparison.Ordinal);
        string last = told.Split('\n').Last(static l => l.StartsWith("1: digest: ", StringComparison.Ordinal));
        string digest = last.Split(' ')[2];
        Assert.Equal($"[{name[..^2]}@{digest}]", await fixture.TextAsync(client, "inspect", "-f", "{{.RepoDigests}}", name));
        Assert.Contains("Layer already exists", await fixture.TextAsync(client, "push", name), StringComparison.Ordinal);
        Assert.Equal(name, await fixture.TextAsync(client, "push", "-q", name));
        ProcessResult seen = await fixture.Daemon.Host.RunAsync("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{name}");
        Assert.Equal(digest, seen.Text);

        await fixture.TextAsync(client, "rm", container);
        await fixture.TextAsync(client, "rmi", name);
        await fixture.TextAsync(client, "pull", name);
        Assert.Equal(id, await fixture.TextAsync(client, "inspect", "-f", "{{.Id}}", name));
        Assert.Equal("new gone", await fixture.TextAsync(client, "run", "--rm", "--net", "none", name, "sh", "-c", "echo $(cat /new) $(test -e /bin/vi || echo gone)"));
        await fixture.TextAsync(client, "rmi", name);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task AllTagsGoAndWhatWasPulledKeepsItsDigest(string client)
    {
        string from = $"{fixture.Open.Name}/lib/busybox:latest", repository = $"{fixture.Open.Name}/all/by{client}";
        await fixture.TextAsync(client, "pull", from);
        await fixture.TextAsync(client, "tag", from, $"{repository}:a");
        await fixture.TextAsync(client, "tag", from, $"{repository}:b");
        string told = await fixture.TextAsync(client, "push", "-a", repository);
        string digest = (await fixture.Daemon.Host.RunAsync("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{from}")).Text;
        Assert.Contains($"a: digest: {digest} size: ", told, StringComparison.Ordinal);
        Assert.Contains($"b: digest: {digest} size: ", told, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", $"{repository}:a", $"{repository}:b");
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ARefusalAsksForNothing(string client)
    {
        string from = $"{fixture.Open.Name}/lib/busybox:latest", name = $"{fixture.Guarded.Name}/x/y:1";
        ProcessResult none = await fixture.RunAsync(client, "push", $"{fixture.Open.Name}/none:1");
        Assert.Equal((1, $"An image does not exist locally with the tag: {fixture.Open.Name}/none\n"), (none.ExitCode, none.Error));
        await fixture.TextAsync(client, "pull", from);
        await fixture.TextAsync(client, "tag", from, name);
        ProcessResult refused = await fixture.RunAsync(client, "push", name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("unauthorized: ", refused.Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", name);
    }

    /// <summary>Docker's own daemon takes what was pushed.</summary>
    [Fact]
    public async Task DockerPullsIt()
    {
        Assert.SkipUnless(DockerDaemon.IsInstalled, "dockerd is not installed");
        string from = $"{fixture.Open.Name}/lib/busybox:latest", name = $"{fixture.Open.Name}/for/docker:1";
        await fixture.TextAsync("28", "pull", from);
        await fixture.TextAsync("28", "run", "--name", "fordocker", "--net", "none", from, "sh", "-c", "echo new >/new");
        string id = await fixture.TextAsync("28", "commit", "fordocker", name);
        await fixture.TextAsync("28", "push", name);
        await fixture.TextAsync("28", "rm", "fordocker");
        await using DockerDaemon docker = await DockerDaemon.StartAsync(fixture.Daemon.Host.Path);
        await docker.TextAsync("pull", name);
        Assert.Equal(id, await docker.TextAsync("image", "inspect", "-f", "{{.Id}}", name));
        Assert.Equal("new", await docker.TextAsync("run", "--rm", "--net", "none", name, "cat", "/new"));
    }
}
