using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>Lists of manifests in Debian's docker-registry, made by our client and by Docker's, and read by others.</summary>
public sealed class ManifestTests(ManifestFixture fixture) : IClassFixture<ManifestFixture>
{
    private static readonly string[] Lines =
    [
        "manifest create --insecure R/same/oci:1 R/oci/amd64:1 R/oci/arm64:1",
        "manifest create --insecure R/same/oci:1 R/oci/amd64:1",
        "manifest create --insecure --amend R/same/oci:1 R/oci/amd64:none",
        "manifest create --insecure R/same/other:1 R/lib/multi",
        "manifest create --insecure :: R/lib/multi",
        "manifest inspect R/same/oci:1",
        "manifest inspect -v R/same/oci:1",
        "manifest inspect R/same/oci:1 R/oci/arm64:1",
        "manifest inspect -v R/same/oci:1 R/oci/arm64:1",
        "manifest inspect R/same/oci:1 R/oci/arm64:9",
        "manifest annotate R/same/oci:1 R/oci/arm64:1 --os-features a,b --os-features a --os-version 7 --variant v9",
        "manifest annotate R/same/oci:1 R/oci/arm64:1 --arch foo",
        "manifest annotate R/same/oci:1 R/oci/arm64:9 --arch arm",
        "manifest inspect R/same/oci:1",
        "manifest push --insecure R/same/oci:1",
        "manifest push --insecure R/same/oci:1",
        "manifest push --insecure R/same/none:1",
        "manifest create --insecure R/same/docker:1 R/docker/amd64:1 R/docker/arm64:1",
        "manifest inspect R/same/docker:1",
        "manifest push --insecure --purge R/same/docker:1",
        "manifest inspect --insecure R/same/docker:1",
        "manifest create --insecure R/same/mixed:1 R/docker/amd64:1 R/oci/arm64:1",
        "manifest push --insecure -p R/same/mixed:1",
        "manifest create --insecure R/oci/amd64:own R/oci/amd64:1",
        "manifest push --insecure -p R/oci/amd64:own",
        "manifest create --insecure elsewhere:5000/x:1 R/oci/amd64:1",
        "manifest inspect elsewhere:5000/x:1",
        "manifest push elsewhere:5000/x:1",
        "manifest inspect --insecure R/lib/multi:latest",
        "manifest inspect --insecure -v R/lib/multi:latest",
        "manifest inspect --insecure R/oci/arm64:1",
        "manifest inspect --insecure -v R/oci/arm64:1",
        "manifest inspect --insecure -v R/docker/arm64:1",
        "manifest inspect --insecure R/lib/busybox",
        "manifest inspect --insecure R/none:1",
        "manifest inspect --insecure R/lib/busybox@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "manifest rm R/same/none:1 R/same/oci:1",
        "manifest inspect R/same/oci:1 R/oci/arm64:1",
    ];

    /// <summary>Line by line the same output, exit code and drafts as Docker's client 28, byte for byte; so the digests of all that is pushed are the same too.</summary>
    [Fact]
    public async Task DoesAsDockersClient()
    {
        string ours = fixture.NewFolder(), theirs = fixture.NewFolder();
        foreach (string line in Lines)
        {
            string[] words = line.Replace("R/", $"{fixture.Open}/", StringComparison.Ordinal).Split(' ');
            ProcessResult docker = await fixture.RunAsync("28", theirs, words), berth = await fixture.RunAsync("berth", ours, words);
            Assert.Equal((line, docker.ExitCode, docker.Out, docker.Error), (line, berth.ExitCode, berth.Out, berth.Error));
            Assert.Equal(Drafts(theirs), Drafts(ours));
        }
    }

    [Theory]
    [InlineData("28", "berth", "oci")]
    [InlineData("berth", "28", "oci")]
    [InlineData("28", "berth", "docker")]
    [InlineData("berth", "28", "docker")]
    [InlineData("20.10", "berth", "docker")]
    public async Task WhatOneClientBeganTheOtherGoesOnWith(string first, string second, string form)
    {
        string folder = fixture.NewFolder(), list = $"{fixture.Open}/joint/{form}:{first}-{second}";
        await fixture.TextAsync(first, folder, "manifest", "create", "--insecure", list, $"{fixture.Open}/{form}/amd64:1");
        await fixture.TextAsync(second, folder, "manifest", "annotate", list, $"{fixture.Open}/{form}/amd64:1", "--variant", "v2");
        await fixture.TextAsync(first, folder, "manifest", "create", "--insecure", "-a", list, $"{fixture.Open}/{form}/arm64:1");
        string shown = await fixture.TextAsync(first, folder, "manifest", "inspect", list);
        Assert.Contains("\"variant\": \"v2\"", shown, StringComparison.Ordinal);
        Assert.Equal(shown, await fixture.TextAsync(second, folder, "manifest", "inspect", list));
        string told = await fixture.TextAsync(second, folder, "manifest", "push", "--insecure", "-p", list);
        Assert.Equal(await fixture.DigestAsync(list), told.Split('\n')[^1]);
        Assert.Equal(1, (await fixture.RunAsync(first, folder, "manifest", "rm", list)).ExitCode);
    }

    /// <summary>From one image a platform to one name for all of them, with our client alone; then others pull it.</summary>
    [Theory]
    [InlineData("berth")]
    [InlineData("28")]
    public async Task EachPlatformIsPulledFromTheList(string client)
    {
        string folder = fixture.NewFolder(), list = $"{fixture.Open}/all/by{client}:1";
        string[] architectures = ["amd64", "arm64"];
        foreach (string architecture in architectures)
        {
            string part = $"{fixture.Open}/part/by{client}:{architecture}";
            await fixture.TextAsync(client, folder, "pull", "--platform", $"linux/{architecture}", $"{fixture.Open}/lib/multi");
            await fixture.TextAsync(client, folder, "tag", $"{fixture.Open}/lib/multi", part);
            await fixture.TextAsync(client, folder, "push", "--platform", $"linux/{architecture}", part);
            Assert.Equal(await fixture.DigestAsync($"{fixture.Open}/oci/{architecture}:1"), await fixture.DigestAsync(part)); // as it came
        }

        await fixture.TextAsync(client, folder, ["manifest", "create", "--insecure", list, .. architectures.Select(a => $"{fixture.Open}/part/by{client}:{a}")]);
        string[] told = (await fixture.TextAsync(client, folder, "manifest", "push", "--insecure", list)).Split('\n');
        Assert.Equal(3, told.Length);
        Assert.All(told[..2], line => Assert.StartsWith($"Pushed ref {list[..^2]}@sha256:", line, StringComparison.Ordinal));
        Assert.Equal(await fixture.DigestAsync(list), told[2]);

        string root = Path.Join(folder, "podman");
        string[] podman = ["podman", "--root", $"{root}/root", "--runroot", $"{root}/run", "--storage-driver", "vfs"];
        foreach (string architecture in architectures)
        {
            Assert.Equal(architecture, (await fixture.Daemon.Host.RunAsync("skopeo", "inspect", "--tls-verify=false", "--override-arch", architecture, "--format", "{{.Architecture}}", $"docker://{list}")).Text);
            _ = (await fixture.Daemon.Host.RunAsync([.. podman, "pull", "-q", "--tls-verify=false", "--arch", architecture, list])).Text;
            Assert.Equal(architecture, (await fixture.Daemon.Host.RunAsync([.. podman, "image", "inspect", "--format", "{{.Architecture}}", list])).Text);
            Assert.Contains($"Digest: {told[2]}", await fixture.TextAsync(client, folder, "pull", "--platform", $"linux/{architecture}", list), StringComparison.Ordinal);
            Assert.Equal(architecture, await fixture.TextAsync(client, folder, "inspect", "-f", "{{.Architecture}}", list));
        }
    }

    [Fact]
    public async Task DockerPullsTheListsPlatform()
    {
        Assert.SkipUnless(DockerDaemon.IsInstalled, "dockerd is not installed");
        string folder = fixture.NewFolder();
        await using DockerDaemon docker = await DockerDaemon.StartAsync(fixture.Daemon.Host.Path);
        foreach (string form in new[] { "oci", "docker" })
        {
            string list = $"{fixture.Open}/for/docker:{form}";
            await fixture.TextAsync("berth", folder, "manifest", "create", list, $"{fixture.Open}/{form}/amd64:1", $"{fixture.Open}/{form}/arm64:1");
            string digest = (await fixture.TextAsync("berth", folder, "manifest", "push", list)).Split('\n')[^1];
            Assert.Contains($"Digest: {digest}", await docker.TextAsync("pull", list), StringComparison.Ordinal);
            Assert.Equal("amd64", await docker.TextAsync("image", "inspect", "-f", "{{.Architecture}}", list));
            await docker.TextAsync("pull", "--platform", "linux/arm64", list);
            Assert.Equal("arm64", await docker.TextAsync("image", "inspect", "-f", "{{.Architecture}}", list));
        }
    }

    [Theory]
    [InlineData("berth")]
    [InlineData("28")]
    public async Task APlatformThatTheImageIsNotForIsNotPushed(string client)
    {
        string folder = fixture.NewFolder(), name = $"{fixture.Open}/one/by{client}:1";
        await fixture.TextAsync(client, folder, "pull", "--platform", "linux/arm64", $"{fixture.Open}/lib/multi");
        await fixture.TextAsync(client, folder, "tag", $"{fixture.Open}/lib/multi", name);
        ProcessResult refused = await fixture.RunAsync(client, folder, "push", "--platform", "linux/amd64", name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"image {name} was found but is for linux/arm64: there is nothing of it for linux/amd64", refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await fixture.Daemon.Host.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}")).ExitCode);
        await fixture.TextAsync(client, folder, "push", "--platform", "linux/aarch64", name);
        Assert.Equal(await fixture.DigestAsync($"{fixture.Open}/oci/arm64:1"), await fixture.DigestAsync(name));
    }

    [Fact]
    public async Task AGuardedRegistryWantsALogin()
    {
        string folder = fixture.NewFolder(), registry = fixture.Registries.Guarded.Name, list = $"{registry}/all:1";
        string[] create = ["manifest", "create", list, $"{registry}/oci/amd64:1", $"{registry}/oci/arm64:1"];
        ProcessResult refused = await fixture.RunAsync("berth", folder, create);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("repository does not exist or may require 'docker login'", refused.Error, StringComparison.Ordinal);
        await fixture.TextAsync("berth", folder, "login", "-u", DockerRegistry.User, "-p", DockerRegistry.Password, registry);
        await fixture.TextAsync("berth", folder, create);
        string digest = (await fixture.TextAsync("berth", folder, "manifest", "push", list)).Split('\n')[^1];
        await fixture.TextAsync("berth", folder, "manifest", "rm", list);
        Assert.Contains("\"arm64\"", await fixture.TextAsync("berth", folder, "manifest", "inspect", $"{registry}/all@{digest}"), StringComparison.Ordinal);
        await fixture.TextAsync("berth", folder, "logout", registry);
        Assert.Equal(1, (await fixture.RunAsync("berth", folder, "manifest", "inspect", list)).ExitCode);
        Assert.DoesNotContain(DockerRegistry.Password, fixture.Daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainHttpIsBorneWhereTheCommandSaysSo()
    {
        string folder = fixture.NewFolder(), registry = fixture.Registries.Plain.Name, list = $"{registry}/all:1";
        string[] members = [$"{registry}/oci/amd64:1", $"{registry}/oci/arm64:1"];
        Assert.Contains("TLS: ", (await fixture.RunAsync("berth", folder, ["manifest", "create", list, .. members])).Error, StringComparison.Ordinal);
        await fixture.TextAsync("berth", folder, ["manifest", "create", "--insecure", list, .. members]);
        Assert.Contains("TLS: ", (await fixture.RunAsync("berth", folder, "manifest", "push", list)).Error, StringComparison.Ordinal);
        await fixture.TextAsync("berth", folder, "manifest", "push", "--insecure", "-p", list);
        Assert.Contains("TLS: ", (await fixture.RunAsync("berth", folder, "manifest", "inspect", list)).Error, StringComparison.Ordinal);
        Assert.Contains("\"amd64\"", await fixture.TextAsync("berth", folder, "manifest", "inspect", "--insecure", list), StringComparison.Ordinal);
        Assert.Contains("TLS: ", (await fixture.RunAsync("berth", folder, "pull", list)).Error, StringComparison.Ordinal); // of one command, not of the daemon
    }

    [Theory]
    [InlineData("GET", "/berth/manifest", null, "the name of a manifest is wanted")]
    [InlineData("GET", "/berth/manifest?name=::", null, "invalid reference format")]
    [InlineData("POST", "/berth/manifest-push", null, "no list of manifests was sent")]
    [InlineData("POST", "/berth/manifest-push", "{}", "a manifest without a name was sent")]
    [InlineData("POST", "/berth/manifest-push", """{"Name":"h:1/x:1"}""", "h:1/x:1: a manifest list without manifests cannot be pushed")]
    [InlineData("POST", "/berth/manifest-push", """{"Name":"h:1/x:1","Manifests":[{"Ref":"h:1/y:1"}]}""", "manifest h:1/y:1 must have an OS and Architecture to be pushed to a registry")]
    public async Task RequestsThatSayNothingAreRefused(string method, string path, string? body, string error) =>
        Assert.Equal((400, error), await fixture.Daemon.Api.ErrorAsync(new HttpMethod(method), path, body));

    private static SortedDictionary<string, string> Drafts(string folder)
    {
        string drafts = Path.Join(folder, "manifests");
        return !Directory.Exists(drafts) ? [] : new SortedDictionary<string, string>(
            Directory.GetFiles(drafts, "*", SearchOption.AllDirectories).ToDictionary(f => f[drafts.Length..], File.ReadAllText), StringComparer.Ordinal);
    }
}
