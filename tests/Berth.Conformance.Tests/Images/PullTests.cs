using System.Text.Json.Nodes;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>Pulls by the stock clients, and by ours, from Debian's docker-registry.</summary>
public sealed class PullTests(PullFixture fixture) : IClassFixture<PullFixture>
{
    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task AnImageIsPulledAndRuns(string client)
    {
        string name = $"{fixture.Open.Name}/lib/busybox";
        string told = await fixture.TextAsync(client, "pull", name);
        string[] lines = told.Split('\n');
        Assert.Equal("Using default tag: latest", lines[0]);
        Assert.Equal("latest: Pulling from lib/busybox", lines[1]);
        string id = lines[2].Split(':')[0];
        Assert.Equal(12, id.Length);
        Assert.Equal([$"{id}: Pulling fs layer", $"{id}: Verifying Checksum", $"{id}: Download complete", $"{id}: Pull complete"], lines[2..^3]);
        Assert.StartsWith("Digest: sha256:", lines[^3], StringComparison.Ordinal);
        Assert.Equal([$"Status: Downloaded newer image for {name}:latest", $"{name}:latest"], lines[^2..]);
        Assert.Equal($"[{name}:latest] [{name}@{lines[^3]["Digest: ".Length..]}]", await fixture.TextAsync(client, "inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", name));
        Assert.Equal("hi", await fixture.TextAsync(client, "run", "--rm", "--net", "none", name, "echo", "hi"));

        Assert.Contains($"Status: Image is up to date for {name}:latest", await fixture.TextAsync(client, "pull", name), StringComparison.Ordinal);
        Assert.Equal($"{name}:latest", await fixture.TextAsync(client, "pull", "-q", name));
        await fixture.TextAsync(client, "rmi", name);
        Assert.Equal("", await fixture.TextAsync(client, "images", "-q", name));
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ARunPullsWhatIsMissing(string client)
    {
        string name = $"{fixture.Open.Name}/lib/busybox:latest";
        ProcessResult run = await fixture.RunAsync(client, "run", "--rm", "--net", "none", name, "echo", "hi");
        Assert.Equal((0, "hi\n"), (run.ExitCode, run.Out));
        Assert.Contains($"Unable to find image '{name}' locally", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Status: Downloaded newer image for {name}", run.Error, StringComparison.Ordinal);
        Assert.Contains("Status: Image is up to date", (await fixture.RunAsync(client, "run", "--rm", "--pull", "always", "--net", "none", name, "true")).Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", name);
        ProcessResult never = await fixture.RunAsync(client, "run", "--rm", "--pull", "never", name, "true");
        Assert.Equal(125, never.ExitCode);
        Assert.Contains("No such image", never.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task OfSeveralPlatformsOneIsTaken(string client)
    {
        string name = $"{fixture.Open.Name}/lib/multi:latest";
        Assert.Contains($"Digest: {fixture.Index}", await fixture.TextAsync(client, "pull", name), StringComparison.Ordinal);
        Assert.Equal("amd64", await fixture.TextAsync(client, "inspect", "-f", "{{.Architecture}}", name));
        await fixture.TextAsync(client, "pull", "--platform", "linux/arm64", name);
        Assert.Equal("arm64", await fixture.TextAsync(client, "inspect", "-f", "{{.Architecture}}", name));
        ProcessResult none = await fixture.RunAsync(client, "pull", "--platform", "linux/s390x", name);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("no matching manifest for linux/s390x in the manifest list entries", none.Error, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", "-f", name);
        await fixture.RunAsync(client, "rmi", "-f", $"{fixture.Open.Name}/lib/multi@{fixture.Index}");
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ByDigestItIsPulledWithoutATag(string client)
    {
        string name = $"{fixture.Open.Name}/lib/multi@{fixture.Index}";
        string told = await fixture.TextAsync(client, "pull", name);
        Assert.StartsWith($"{fixture.Open.Name}/lib/multi@{fixture.Index}: Pulling from lib/multi".Split('@')[1], told, StringComparison.Ordinal);
        Assert.EndsWith($"Status: Downloaded newer image for {name}\n{name}", told, StringComparison.Ordinal);
        Assert.Equal("[]", await fixture.TextAsync(client, "inspect", "-f", "{{.RepoTags}}", name));
        await fixture.TextAsync(client, "rmi", name);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task AllTagsArePulled(string client)
    {
        string repository = $"{fixture.Open.Name}/lib/tags{client[^1]}";
        foreach (string tag in new[] { "a", "b" })
        {
            await fixture.Open.PushAsync($"docker-archive:{fixture.Daemon.Folder}/busybox.tar", $"lib/tags{client[^1]}:{tag}");
        }

        string told = await fixture.TextAsync(client, "pull", "-a", repository);
        Assert.Contains("a: Pulling from lib/tags", told, StringComparison.Ordinal);
        Assert.Contains("b: Pulling from lib/tags", told, StringComparison.Ordinal);
        Assert.Contains($"Status: Downloaded newer image for {repository}", told, StringComparison.Ordinal);
        await fixture.TextAsync(client, "rmi", $"{repository}:a", $"{repository}:b");
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task WhatIsNotThereIsSaid(string client)
    {
        string name = $"{fixture.Open.Name}/lib/busybox:none";
        ProcessResult result = await fixture.RunAsync(client, "pull", name);
        Assert.Equal((1, $"Error response from daemon: manifest for {name} not found: manifest unknown: manifest unknown\n"), (result.ExitCode, result.Error));
        result = await fixture.RunAsync(client, "pull", "127.0.0.1:1/x:y");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Connection refused", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(125, (await fixture.RunAsync(client, "run", name)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task AGuardedRegistryWantsALogin(string client)
    {
        string name = $"{fixture.Guarded.Name}/lib/busybox:latest";
        ProcessResult refused = await fixture.RunAsync(client, "pull", name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("repository does not exist or may require 'docker login'", refused.Error, StringComparison.Ordinal);
        ProcessResult wrong = await Clients.Of(client).RunAsync(fixture.Daemon, new MemoryStream("no"u8.ToArray()), "login", "-u", "eve", "--password-stdin", fixture.Guarded.Name);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("unauthorized: authentication required", wrong.Error, StringComparison.Ordinal);
        ProcessResult login = await Clients.Of(client).RunAsync(fixture.Daemon, new MemoryStream("sesame"u8.ToArray()), "login", "-u", "eve", "--password-stdin", fixture.Guarded.Name);
        Assert.Equal((0, "Login Succeeded"), (login.ExitCode, login.Out.Trim()));
        await fixture.TextAsync(client, "pull", name);
        await fixture.TextAsync(client, "rmi", name);
        await fixture.TextAsync(client, "logout", fixture.Guarded.Name);
        Assert.Equal(1, (await fixture.RunAsync(client, "pull", name)).ExitCode);
        Assert.DoesNotContain("sesame", fixture.Daemon.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2s2", "gzip")]
    [InlineData("oci", "gzip")]
    [InlineData("oci", "zstd")]
    public async Task EveryFormIsTaken(string format, string compression)
    {
        string name = $"lib/form-{format}-{compression}:latest";
        await fixture.Open.PushAsync($"docker-archive:{fixture.Daemon.Folder}/busybox.tar", name, "--format", format, "--dest-compress-format", compression);
        await fixture.TextAsync("28", "pull", $"{fixture.Open.Name}/{name}");
        Assert.Equal("whole", await fixture.TextAsync("28", "run", "--rm", "--net", "none", $"{fixture.Open.Name}/{name}", "echo", "whole"));
        await fixture.TextAsync("28", "rmi", $"{fixture.Open.Name}/{name}");
    }

    [Fact]
    public async Task AnAuthorityOfItsOwnStandsInAFolder()
    {
        string name = $"{fixture.Secure.Name}/lib/busybox:latest";
        ProcessResult refused = await fixture.RunAsync("28", "pull", name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("TLS: ", refused.Error, StringComparison.Ordinal);
        string folder = Directory.CreateDirectory(Path.Join(fixture.HostsFolder, fixture.Secure.Name)).FullName;
        File.Copy(Path.Join(fixture.Authority, "ca.crt"), Path.Join(folder, "ca.crt"));
        await fixture.TextAsync("28", "pull", name);
        await fixture.TextAsync("28", "rmi", name);
    }

    [Fact]
    public async Task PlainHttpIsBorneWhereItIsAllowed()
    {
        string name = $"{fixture.Insecure.Name}/lib/busybox:latest";
        await fixture.TextAsync("28", "pull", name);
        await fixture.TextAsync("28", "rmi", name);
        ProcessResult refused = await fixture.RunAsync("28", "pull", $"{fixture.Plain.Name}/lib/busybox:latest");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("TLS: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(fixture.Insecure.Name, await fixture.TextAsync("28", "info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMirrorServesAnyRegistry()
    {
        string folder = Directory.CreateDirectory(Path.Join(fixture.HostsFolder, "nowhere.invalid")).FullName;
        await File.WriteAllTextAsync(Path.Join(folder, "hosts.toml"), $"[host.\"http://{fixture.Open.Name}\"]\ncapabilities = [\"pull\", \"resolve\"]\n", TestContext.Current.CancellationToken);
        await fixture.TextAsync("28", "pull", "nowhere.invalid/lib/busybox:latest");
        await fixture.TextAsync("28", "rmi", "nowhere.invalid/lib/busybox:latest");
        await File.WriteAllTextAsync(Path.Join(folder, "hosts.toml"), "mirrors = 1", TestContext.Current.CancellationToken);
        ProcessResult refused = await fixture.RunAsync("28", "pull", "nowhere.invalid/lib/busybox:latest");
        Assert.Contains("hosts.toml: \"mirrors\" is not known", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task OnATerminalThereAreBars(string client)
    {
        string name = $"{fixture.Open.Name}/lib/busybox:latest";
        await using (PtySession terminal = Clients.Of(client).OnTerminal(fixture.Daemon, $"pull {name}", columns: 140))
        {
            await terminal.ExpectAsync("Pull complete");
            await terminal.ExpectAsync("Status: ");
            Assert.Equal(0, await terminal.ExitCodeAsync());
            Assert.Contains("[=====", terminal.Seen, StringComparison.Ordinal);
        }

        await fixture.TextAsync(client, "rmi", name);
    }

    [Fact]
    public async Task WhatARegistryHasIsToldWithoutAPull()
    {
        JsonNode index = await fixture.Daemon.Api.JsonAsync($"/distribution/{fixture.Open.Name}/lib/multi/json");
        Assert.Equal(fixture.Index, (string?)index["Descriptor"]!["digest"]);
        Assert.Equal(["amd64", "arm64"], index["Platforms"]!.AsArray().Select(static p => (string?)p!["architecture"]));
        JsonNode image = await fixture.Daemon.Api.JsonAsync($"/distribution/{fixture.Open.Name}/lib/busybox:latest/json");
        Assert.Equal("amd64", (string?)image["Platforms"]![0]!["architecture"]);
        Assert.False(await fixture.Daemon.ExistsAsync($"/distribution/{fixture.Open.Name}/lib/busybox:none/json"));
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task SearchShowsTheCatalogue(string client)
    {
        string found = await fixture.TextAsync(client, "search", $"{fixture.Open.Name}/busy");
        Assert.Matches($"^NAME +DESCRIPTION +STARS +OFFICIAL( +AUTOMATED)?\n{fixture.Open.Name}/lib/busybox +0 *$", found);
        Assert.Equal("", await fixture.TextAsync(client, "search", "--format", "{{.Name}}", "--filter", "stars=1", $"{fixture.Open.Name}/busy"));
        ProcessResult refused = await fixture.RunAsync(client, "search", "--limit", "101", $"{fixture.Open.Name}/busy");
        Assert.Contains("outside the range of [1, 100]", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync(client, "search", $"{fixture.Guarded.Name}/busy")).ExitCode);
    }

    [Fact]
    public async Task EventsNameThePulledReference()
    {
        string name = $"{fixture.Open.Name}/lib/busybox:latest";
        string since = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        await fixture.TextAsync("28", "pull", name);
        await fixture.TextAsync("28", "rmi", name);
        string events = await fixture.TextAsync("28", "events", "--since", since, "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000", "--filter", "event=pull", "--format", "{{.Actor.ID}} {{.Actor.Attributes.name}}");
        Assert.Contains($"{name} {fixture.Open.Name}/lib/busybox", events, StringComparison.Ordinal);
    }
}
