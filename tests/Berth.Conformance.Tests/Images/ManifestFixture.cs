using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>The registries of <see cref="PullFixture"/> with one image a platform, in repositories of their own: as OCI manifests and as Docker's.</summary>
public sealed class ManifestFixture : IAsyncLifetime
{
    private int _last;

    public PullFixture Registries { get; } = new();

    public TestDaemon Daemon => Registries.Daemon;

    /// <summary>The open registry's name.</summary>
    public string Open => Registries.Open.Name;

    public async ValueTask InitializeAsync()
    {
        await Registries.InitializeAsync();
        string layout = Path.Join(Daemon.Folder, "layout");
        foreach (string architecture in new[] { "amd64", "arm64" })
        {
            foreach (DockerRegistry registry in new[] { Registries.Open, Registries.Guarded, Registries.Plain })
            {
                await registry.PushAsync($"oci:{layout}:multi", $"oci/{architecture}:1", "--override-arch", architecture);
            }

            await Registries.Open.PushAsync($"oci:{layout}:multi", $"docker/{architecture}:1", "--override-arch", architecture, "--format", "v2s2");
        }
    }

    public ValueTask DisposeAsync() => Registries.DisposeAsync();

    /// <summary>A configuration folder of its own for a client.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Join(Daemon.Folder, $"client{Interlocked.Increment(ref _last)}")).FullName;

    /// <summary>A client with its configuration in a folder. Docker's speaks to registries itself, so it runs where they are; ours asks the daemon, from anywhere.</summary>
    public Task<ProcessResult> RunAsync(string client, string folder, params string[] words)
    {
        string program = Clients.Of(client).Path;
        IEnumerable<string> inside = client == "berth" ? [] : ["nsenter", $"--net={Daemon.Host.Path}"];
        string[] command = [.. inside, program, .. words];
        var environment = new Dictionary<string, string>(DockerClient.EnvironmentFor(Daemon)) { ["DOCKER_CONFIG"] = folder };
        return Run.Async(command[0], command[1..], null, environment);
    }

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> TextAsync(string client, string folder, params string[] words) => (await RunAsync(client, folder, words)).Text;

    /// <summary>What a name means in the open registry, asked by skopeo.</summary>
    public async Task<string> DigestAsync(string name) =>
        (await Daemon.Host.RunAsync("sh", "-c", $"skopeo inspect --raw --tls-verify=false docker://{name} | sha256sum")).Text is { } text ? $"sha256:{text.Split(' ')[0]}" : "";
}
