using System.Net;
using System.Text.Json.Nodes;
using Berth.Testing.Archives;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>A daemon with a policy of signatures, as its clients meet it, and what is stated of an image.</summary>
public sealed class SignaturePolicyTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private DockerRegistry _registry = null!;

    private string Policy => Path.Join(_daemon.Folder, "policy.json");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        _daemon = await TestDaemon.StartAsync(withImage: false);
        _registry = await DockerRegistry.StartAsync(network: _daemon.Host);
    }

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task ClientsAreToldWhy()
    {
        string archive = Path.Join(_daemon.Folder, "busybox.tar"), key = Path.Join(_daemon.Folder, "cosign.pub");
        await using (FileStream file = File.Create(archive))
        {
            await (await BusyboxArchive.OpenAsync()).CopyToAsync(file);
        }

        await _registry.PushAsync($"docker-archive:{archive}", "free/busybox:1");
        await _registry.PushAsync($"docker-archive:{archive}", "signed/busybox:1");
        _ = (await Run.Async("bash", "-c", $"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkey -pubout -out {key}")).Text;
        await RestartAsync($$"""
            {"default": [{"type": "reject"}], "transports": {"docker-archive": {"": [{"type": "insecureAcceptAnything"}]}, "docker": {
              "{{_registry.Name}}/free": [{"type": "insecureAcceptAnything"}],
              "{{_registry.Name}}/signed": [{"type": "sigstoreSigned", "keyPath": "{{key}}"}]} } }
            """);
        string signed = $"{_registry.Name}/signed/busybox:1", other = $"{_registry.Name}/other/busybox:1", free = $"{_registry.Name}/free/busybox:1";
        foreach (string version in (string[])["28", "20.10", "berth"])
        {
            ProcessResult refused = await Clients.Of(version).RunAsync(_daemon, "pull", signed);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"{signed} refused by the signature policy {Policy} (docker \"{_registry.Name}/signed\"): it demands a signature by {key}, and sha256:", refused.Error, StringComparison.Ordinal);
            Assert.Contains("it rejects all that comes from there", (await Clients.Of(version).RunAsync(_daemon, "run", "--rm", other, "true")).Error, StringComparison.Ordinal);
            Assert.Equal(0, (await Clients.Of(version).RunAsync(_daemon, "pull", free)).ExitCode);
            Assert.Equal(0, (await Clients.Of(version).RunAsync(_daemon, "load", "-i", archive)).ExitCode);
            ProcessResult imported = await Clients.Of(version).RunAsync(_daemon, "import", archive, "x:1");
            Assert.Contains("(default): an archive carries no signatures; to allow archives, give the transport tarball", imported.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatIsNotVerifiedIsRefusedAtTheStart()
    {
        await _daemon.StopAsync();
        await File.WriteAllTextAsync(Policy, """{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/x"}]}""");
        _daemon.Options = ["--signature-policy", Policy];
        Assert.False(await _daemon.TryLaunchAsync());
        Assert.Contains($"cannot start: the signature policy {Policy} cannot be used: default demands \"signedBy\" (signatures by GPG keys)", _daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatementsAreListed()
    {
        string layout = Path.Join(_daemon.Folder, "layout"), name = $"{_registry.Name}/lib/stated:1";
        PlatformLayout.WriteAttested(layout, "amd64");
        await _registry.PushAsync($"oci:{layout}:multi", "lib/stated:1", "--all");
        await _daemon.TextAsync("pull", name);
        JsonNode one = Assert.Single((await _daemon.Api.JsonAsync($"/images/{name}/attestations")).AsArray())!;
        Assert.Equal("https://slsa.dev/provenance/v1", (string)one["PredicateType"]!);
        Assert.Equal("application/vnd.in-toto+json", (string)one["Descriptor"]!["mediaType"]!);
        Assert.Null(one["Statement"]);
        JsonNode whole = (await _daemon.Api.JsonAsync($"/images/{name}/attestations?statement=1&type=https%3A%2F%2Fslsa.dev%2Fprovenance%2Fv1&type=x&platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D"))[0]!;
        Assert.Equal(PlatformLayout.Statement, whole["Statement"]!.ToJsonString());
        Assert.Empty((await _daemon.Api.JsonAsync($"/images/{name}/attestations?type=x")).AsArray());
        foreach ((string path, HttpStatusCode status) in new[]
        {
            ("none", HttpStatusCode.NotFound), ($"{name}", HttpStatusCode.OK),
        })
        {
            using HttpResponseMessage answer = await _daemon.Api.GetAsync($"/images/{path}/attestations");
            Assert.Equal(status, answer.StatusCode);
        }

        foreach ((string query, HttpStatusCode status) in new[]
        {
            ("platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22s390x%22%7D", HttpStatusCode.NotFound), ("platform=%7Bx", HttpStatusCode.BadRequest), ("platform=linux%2Famd64&platform=linux%2Farm64", HttpStatusCode.BadRequest),
        })
        {
            using HttpResponseMessage answer = await _daemon.Api.GetAsync($"/images/{name}/attestations?{query}");
            Assert.Equal(status, answer.StatusCode);
        }
    }

    private async Task RestartAsync(string policy)
    {
        await _daemon.StopAsync();
        await File.WriteAllTextAsync(Policy, policy);
        _daemon.Options = ["--signature-policy", Policy];
        await _daemon.LaunchAsync();
    }
}
