using System.Text.Json.Nodes;
using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>docker-compose 1.29 with networks as people write them.</summary>
public sealed class ComposeNetworkTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const string Compose = "/usr/bin/docker-compose";

    private const string Project = """
        version: "2.4"
        services:
          web:
            image: busybox
            command: sleep 1000
            stop_signal: SIGKILL
            networks:
              front:
                aliases: [www, shop]
              back:
                ipv4_address: 10.77.0.10
                ipv6_address: fd00:77::10
                priority: 1000
          db:
            image: busybox
            command: sleep 1000
            stop_signal: SIGKILL
            depends_on: [web]
            networks: [back, vault, shared]
        networks:
          front:
            driver: bridge
            driver_opts:
              com.docker.network.driver.mtu: "1400"
          back:
            enable_ipv6: true
            ipam:
              config:
                - subnet: 10.77.0.0/24
                  gateway: 10.77.0.1
                  aux_addresses: {router: 10.77.0.2}
                - subnet: fd00:77::/64
            labels: {tier: data}
          vault:
            internal: true
          shared:
            external: true
        """;

    [Fact]
    public async Task UpAndDownWithFourNetworks()
    {
        Assert.SkipUnless(File.Exists(Compose), "docker-compose 1.29 is not installed");
        string folder = Path.Join(fixture.Daemon.Folder, "shop");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Join(folder, "docker-compose.yml"), Project, TestContext.Current.CancellationToken);

        Assert.Contains("declared as external, but could not be found", (await ComposeAsync(folder, "up", "-d")).Error, StringComparison.Ordinal);
        await fixture.TextAsync("28", "network", "create", "shared");
        _ = (await ComposeAsync(folder, "up", "-d")).Text;
        ProcessResult again = await ComposeAsync(folder, "up", "-d");
        Assert.Equal((0, true), (again.ExitCode, again.Error.Contains("shop_web_1 is up-to-date", StringComparison.Ordinal))); // nothing about its networks has changed

        string addresses = await fixture.TextAsync("28", "exec", "shop_web_1", "ip", "-o", "addr");
        Assert.Contains("10.77.0.10/24", addresses, StringComparison.Ordinal);
        Assert.Contains("fd00:77::10/64", addresses, StringComparison.Ordinal);
        Assert.Contains("mtu 1400", await fixture.TextAsync("28", "exec", "shop_web_1", "ip", "-o", "link"), StringComparison.Ordinal);
        JsonNode web = JsonNode.Parse(await fixture.TextAsync("28", "inspect", "-f", "{{json .NetworkSettings.Networks.shop_front.DNSNames}}", "shop_web_1"))!;
        Assert.Superset(new HashSet<string> { "www", "shop", "web", "shop_web_1" }, web.AsArray().Select(static n => (string)n!).ToHashSet());
        Assert.Equal("shared shop_back shop_vault ", await fixture.TextAsync("28", "inspect", "-f", "{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{end}}", "shop_db_1"));
        await fixture.TextAsync("28", "exec", "shop_db_1", "ping", "-c", "1", "-W", "3", "10.77.0.10");
        await fixture.TextAsync("28", "exec", "shop_db_1", "ping", "-c", "1", "-W", "3", "fd00:77::10");

        await RecreateAsync(folder);

        _ = (await ComposeAsync(folder, "down")).Text;
        Assert.Equal("bridge host none shared", string.Join(' ', (await fixture.TextAsync("28", "network", "ls", "--format", "{{.Name}}")).Split('\n')));
        await fixture.TextAsync("28", "network", "rm", "shared");
    }

    private async Task RecreateAsync(string folder)
    {
        string before = await fixture.TextAsync("28", "inspect", "-f", "{{.Id}}", "shop_web_1");
        string file = Path.Join(folder, "docker-compose.yml");
        string changed = Project.Replace("command: sleep 1000", "command: sleep 2000", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, changed, TestContext.Current.CancellationToken);
        _ = (await ComposeAsync(folder, "up", "-d")).Text;
        Assert.NotEqual(before, await fixture.TextAsync("28", "inspect", "-f", "{{.Id}}", "shop_web_1"));
        Assert.Contains("2000", await fixture.TextAsync("28", "inspect", "-f", "{{.Config.Cmd}}", "shop_web_1"), StringComparison.Ordinal);
        Assert.Contains("10.77.0.10/24", await fixture.TextAsync("28", "exec", "shop_web_1", "ip", "-o", "addr"), StringComparison.Ordinal);
    }

    private Task<ProcessResult> ComposeAsync(string folder, params string[] arguments) =>
        Run.Async(Compose, ["--project-directory", folder, "-f", Path.Join(folder, "docker-compose.yml"), .. arguments], null, DockerClient.EnvironmentFor(fixture.Daemon));
}
