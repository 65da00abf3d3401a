using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Debian's dockerd on the same host, with FORWARD's policy set to drop, comes and goes while our containers have connections open.</summary>
public sealed class DockerRestartTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    [Fact]
    public async Task NothingDropsAndPortsAnswer()
    {
        Assert.SkipUnless(DockerDaemon.IsInstalled, "dockerd is not installed");
        await using Traffic traffic = await Traffic.BeginAsync(wired);
        await traffic.HoldsAsync("before");
        for (int i = 0; i < 2; i++)
        {
            await using (await StartDockerAsync())
            {
                await traffic.HoldsAsync("with dockerd");
                Assert.Contains("FORWARD DROP", (await wired.Daemon.Host.RunAsync("iptables", "-S", "FORWARD")).Text, StringComparison.Ordinal);
                _ = (await wired.Daemon.Host.RunAsync("iptables", "-F", "DOCKER-USER")).Text;
                await traffic.HoldsAsync("after a flush");
            }

            await traffic.HoldsAsync("without dockerd");
        }
    }

    private async Task<DockerDaemon> StartDockerAsync()
    {
        // dockerd sets the policy to drop where it switches forwarding on itself. Where we run it is on, and comes back at once when it is switched off.
        DockerDaemon docker = await DockerDaemon.StartAsync(wired.Daemon.Host.Path);
        _ = (await wired.Daemon.Host.RunAsync("iptables", "-P", "FORWARD", "DROP")).Text;
        return docker;
    }
}
