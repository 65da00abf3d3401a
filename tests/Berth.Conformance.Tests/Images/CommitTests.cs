using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

public sealed class CommitTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ARunningContainerBecomesAnImage(string client)
    {
        string container = await fixture.SleeperAsync(client, "-e", "A=b", "--label", "l=1"), name = fixture.NewName("made");
        await fixture.TextAsync(client, "exec", container, "sh", "-c", "echo new >/new; rm /bin/vi; mkdir -m 1777 /srv; ln /new /srv/link");
        string id = await fixture.TextAsync(
            client, "commit", "-m", "a message", "-a", "an author", "-c", "CMD [\"sh\",\"-c\",\"echo by default $A $B\"]", "-c", "ENV B=c", "-c", "EXPOSE 80", container, $"{name}:v1");
        Assert.Matches("^sha256:[0-9a-f]{64}$", id);
        Assert.Equal("by default b c", await fixture.TextAsync(client, "run", "--rm", $"{name}:v1"));
        Assert.Equal(
            "new 1777 2 gone",
            await fixture.TextAsync(client, "run", "--rm", id, "sh", "-c", "echo $(cat /new) $(stat -c %a /srv) $(stat -c %h /srv/link) $(test -e /bin/vi || echo gone)"));
        Assert.Equal(
            $"{await fixture.TextAsync(client, "inspect", "-f", "{{.Image}}", container)} a message an author 2 map[80/tcp:{{}}] map[l:1]",
            await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Parent}} {{.Comment}} {{.Author}} {{len .RootFS.Layers}} {{.Config.ExposedPorts}} {{.Config.Labels}}", id));
        string[] history = (await fixture.TextAsync(client, "history", "--no-trunc", "--format", "{{.ID}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}", id)).Split('\n');
        Assert.Equal($"{id}|sleep 1000|4B|a message", history[0]);
        Assert.EndsWith("MB|", history[1], StringComparison.Ordinal);
        Assert.Equal("running", await fixture.TextAsync(client, "inspect", "-f", "{{.State.Status}}", container));
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ItStandsStillUnlessToldOtherwise(string client)
    {
        string container = await fixture.SleeperAsync(client);
        string image = fixture.NewName("image");
        await fixture.TextAsync(client, "commit", container, image);
        await fixture.TextAsync(client, "commit", "--pause=false", container, image);
        string now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000";
        string told = await fixture.TextAsync(
            client, "events", "--since", "2000-01-01T00:00:00", "--until", now, "--filter", $"container={container}", "--format", "{{.Action}} {{.Actor.Attributes.imageRef}}");
        Assert.Equal(["pause", "unpause", $"commit {image}:latest", $"commit {image}:latest"], told.Split('\n').Select(l => l.Replace("<no value>", "", StringComparison.Ordinal).Trim()).TakeLast(4));
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task TheOldImageOfTheNameLosesIt(string client)
    {
        string container = await fixture.SleeperAsync(client), name = fixture.NewName("moving");
        string first = await fixture.TextAsync(client, "commit", "-m", "1", container, name);
        string second = await fixture.TextAsync(client, "commit", "-m", "2", container, name);
        Assert.Equal(second, await fixture.TextAsync(client, "image", "inspect", "-f", "{{.Id}}", name));
        Assert.Contains($"<none>|<none>|{first}", await fixture.TextAsync(client, "images", "--no-trunc", "--format", "{{.Repository}}|{{.Tag}}|{{.ID}}"), StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", first);
    }

    /// <summary>What the engine mounts over an image that has no place for it is no change of the container.</summary>
    [Fact]
    public async Task AFirstStartChangesNothing()
    {
        string name = fixture.NewName("tiny"), folder = $"{fixture.Daemon.Folder}/{name}";
        await Run.Async("sh", "-c", $"mkdir -p {folder}/bin && cp /usr/bin/busybox {folder}/bin/ && tar -C {folder} -cf {folder}.tar .");
        await fixture.TextAsync("28", "import", "-c", "CMD [\"/bin/busybox\",\"true\"]", $"{folder}.tar", name);
        await fixture.TextAsync("28", "run", "--name", name, name);
        await fixture.TextAsync("28", "commit", name, $"{name}:again");
        Assert.Equal("1", await fixture.TextAsync("28", "image", "inspect", "-f", "{{len .RootFS.Layers}}", $"{name}:again"));
    }

    [Fact]
    public async Task SquashingMakesOneLayer()
    {
        string container = await fixture.SleeperAsync("berth"), name = fixture.NewName("squashed");
        await fixture.TextAsync("berth", "exec", container, "sh", "-c", "head -c 5000000 /dev/urandom >/secret");
        await fixture.TextAsync("berth", "commit", container, $"{name}:two");
        await fixture.TextAsync("berth", "run", "--name", name, $"{name}:two", "rm", "/secret");
        await fixture.TextAsync("berth", "commit", "--squash", name, $"{name}:one");
        await fixture.TextAsync("berth", "commit", "--squash-to", "busybox", name, $"{name}:above");
        Assert.Equal("1", await fixture.TextAsync("berth", "image", "inspect", "-f", "{{len .RootFS.Layers}}", $"{name}:one"));
        Assert.Equal("gone", await fixture.TextAsync("berth", "run", "--rm", $"{name}:above", "sh", "-c", "test -e /secret || echo gone"));
        long squashed = long.Parse(await fixture.TextAsync("berth", "image", "inspect", "-f", "{{.Size}}", $"{name}:one"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(squashed, 1_000_000, 4_000_000);
        Assert.Contains("not the lowest", (await fixture.RunAsync("berth", "commit", "--squash-to", $"{name}:one", name)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task WhatIsWrongIsSaid(string client)
    {
        Assert.Contains("No such container: nothing", (await fixture.RunAsync(client, "commit", "nothing")).Error, StringComparison.Ordinal);
        string container = await fixture.SleeperAsync(client);
        Assert.Contains("FROM is not a valid change command", (await fixture.RunAsync(client, "commit", "-c", "FROM x", container)).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync(client, "commit", container, "Upper/Case")).ExitCode);
    }
}
