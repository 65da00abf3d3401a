using Berth.Testing.Archives;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>A daemon, and Debian's registry in several dresses in its network: open, with a password, with a certificate that nobody knows.</summary>
public sealed class PullFixture : IAsyncLifetime
{
    /// <summary>An address that is not this machine's by name, so that nothing is forgiven there.</summary>
    public const string Elsewhere = "10.99.0.1";

    public TestDaemon Daemon { get; private set; } = null!;

    public DockerRegistry Open { get; private set; } = null!;

    public DockerRegistry Guarded { get; private set; } = null!;

    /// <summary>Plain HTTP, which the daemon is told to bear.</summary>
    public DockerRegistry Insecure { get; private set; } = null!;

    /// <summary>Plain HTTP, which it is not told to bear.</summary>
    public DockerRegistry Plain { get; private set; } = null!;

    public DockerRegistry Secure { get; private set; } = null!;

    public string HostsFolder => Path.Join(Daemon.Folder, "certs.d");

    public string Authority => Path.Join(Daemon.Folder, "ca");

    /// <summary>The digest of the index "multi".</summary>
    public string Index { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        Daemon = await TestDaemon.StartAsync(withImage: false);
        _ = (await Daemon.Host.RunAsync("ip", "address", "add", $"{Elsewhere}/32", "dev", "lo")).Text;
        TestAuthority.Write(Authority, Elsewhere);
        Open = await DockerRegistry.StartAsync(network: Daemon.Host);
        Guarded = await DockerRegistry.StartAsync(basic: true, network: Daemon.Host);
        Insecure = await DockerRegistry.StartAsync(network: Daemon.Host, host: Elsewhere);
        Plain = await DockerRegistry.StartAsync(network: Daemon.Host, host: Elsewhere);
        Secure = await DockerRegistry.StartAsync(tls: (Path.Join(Authority, "server.crt"), Path.Join(Authority, "server.key")), network: Daemon.Host, host: Elsewhere);
        await Daemon.StopAsync();
        Daemon.Options = ["--registry-hosts", HostsFolder, "--insecure-registry", Insecure.Name];
        await Daemon.LaunchAsync();

        string archive = Path.Join(Daemon.Folder, "busybox.tar"), layout = Path.Join(Daemon.Folder, "layout");
        await using (FileStream file = File.Create(archive))
        {
            await (await BusyboxArchive.OpenAsync()).CopyToAsync(file);
        }

        foreach (DockerRegistry registry in new[] { Open, Guarded, Insecure, Plain, Secure })
        {
            await registry.PushAsync($"docker-archive:{archive}", "lib/busybox:latest");
        }

        Index = PlatformLayout.Write(layout, "amd64", "arm64");
        await Open.PushAsync($"oci:{layout}:multi", "lib/multi:latest", "--all");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (DockerRegistry? registry in new[] { Open, Guarded, Insecure, Plain, Secure })
        {
            if (registry is not null)
            {
                await registry.DisposeAsync();
            }
        }

        if (Daemon is not null)
        {
            await Daemon.DisposeAsync();
        }
    }

    public Task<ProcessResult> RunAsync(string client, params string[] arguments) => Clients.Of(client).RunAsync(Daemon, arguments);

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> TextAsync(string client, params string[] arguments) => (await RunAsync(client, arguments)).Text;
}
