using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>--link with each of the clients: what it comes to in all of them, on user-defined networks, and through a crash of the daemon.</summary>
public sealed class NetworkLinkTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const string Apart = "com.docker.network.bridge.enable_icc=false";

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task EveryClientLinks(string client)
    {
        string db = await fixture.SleeperAsync(client, "--expose", "3306", "-e", "A=b"), web = fixture.NewName();
        string shown = await fixture.TextAsync(client, "run", "--name", web, "--link", $"{db}:sql", "busybox", "sh", "-c", "env; grep sql /etc/hosts");
        string address = await fixture.TextAsync(client, "inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", db);
        foreach (string line in (string[])[$"SQL_NAME=/{web}/sql", $"SQL_PORT=tcp://{address}:3306", $"SQL_PORT_3306_TCP_ADDR={address}", "SQL_ENV_A=b", $"{address}\tsql "])
        {
            Assert.Contains(line, shown, StringComparison.Ordinal);
        }

        Assert.Equal($"[/{db}:/{web}/sql]", await fixture.TextAsync(client, "inspect", "-f", "{{.HostConfig.Links}}", web));
        Assert.Equal($"{db},{web}/sql", await fixture.TextAsync(client, "ps", "--no-trunc", "--filter", $"name=^/{db}$", "--format", "{{.Names}}"));
        await fixture.TextAsync(client, "rm", "--link", $"{web}/sql");
        Assert.Equal("[]", await fixture.TextAsync(client, "inspect", "-f", "{{.HostConfig.Links}}", web));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OnAUserDefinedNetworkTheyAreTheEndpoints(string client)
    {
        string network = fixture.NewName("n"), later = fixture.NewName("n");
        await fixture.TextAsync(client, "network", "create", network);
        await fixture.TextAsync(client, "network", "create", later);
        string db = await fixture.SleeperAsync(client, "--net", network, "--expose", "80"), web = await fixture.SleeperAsync(client, "--net", network, "--link", $"{db}:sql");
        Assert.DoesNotContain("SQL", await fixture.TextAsync(client, "exec", web, "env"), StringComparison.Ordinal);
        Assert.DoesNotContain("sql", await fixture.TextAsync(client, "exec", web, "cat", "/etc/hosts"), StringComparison.Ordinal);
        await fixture.TextAsync(client, "network", "connect", "--link", "nobody:yet", later, web);

        // Only the container with the link knows the alias, and each on its own network.
        Assert.Contains(await AddressAsync(db, network), await fixture.TextAsync(client, "exec", web, "nslookup", "sql"), StringComparison.Ordinal);
        Assert.NotEqual(0, (await fixture.RunAsync(client, "exec", db, "nslookup", "sql")).ExitCode);
        await fixture.TextAsync(client, "run", "-d", "--net", later, "--name", "nobody", "busybox", "sleep", "1000");
        Assert.Contains(await AddressAsync("nobody", later), await fixture.TextAsync(client, "exec", web, "nslookup", "yet"), StringComparison.Ordinal);
        await fixture.TextAsync(client, "rm", "-f", "nobody");
        Assert.Equal(
            $"[] [{db}:sql] [nobody:yet]",
            await fixture.TextAsync(client, "inspect", "-f", $"{{{{.HostConfig.Links}}}} {{{{.NetworkSettings.Networks.{network}.Links}}}} {{{{.NetworkSettings.Networks.{later}.Links}}}}", web));
        await RefusedAsync(client, "links on network bridge are made with the container", "network", "connect", "--link", "a:b", "bridge", web);
    }

    /// <summary>The set in the firewall is what a packet is compared with; that it lets them through is the network's tests' matter.</summary>
    [Fact]
    public async Task WhereContainersAreKeptApartALinkOpensPorts()
    {
        string network = fixture.NewName("n");
        await fixture.TextAsync("20.10", "network", "create", "-o", Apart, network);
        string db = await fixture.SleeperAsync("20.10", "--net", network, "--expose", "80", "--expose", "53/udp");
        string web = await fixture.SleeperAsync("20.10", "--net", network, "--link", $"{db}:sql");
        string[] pairs = [await PairAsync(web, db, network, "tcp . 80"), await PairAsync(web, db, network, "udp . 53")];
        await HoldsAsync(pairs);

        await fixture.TextAsync("20.10", "restart", "-t", "0", db);
        await HoldsAsync([await PairAsync(web, db, network, "tcp . 80"), await PairAsync(web, db, network, "udp . 53")]);

        await fixture.Daemon.KillAsync();
        await fixture.Daemon.LaunchAsync();
        await HoldsAsync([await PairAsync(web, db, network, "tcp . 80"), await PairAsync(web, db, network, "udp . 53")]);

        await fixture.TextAsync("20.10", "stop", "-t", "0", web);
        await HoldsAsync([]);
    }

    /// <summary>The alias answers A and AAAA, and what it answers is open; also when the daemon was killed and is there again, and where nothing leads out.</summary>
    [Theory]
    [InlineData("--ipv6")]
    [InlineData("--ipv6", "--internal")]
    public async Task WhereContainersAreKeptApartALinkIsOpenInBothFamilies(params string[] options)
    {
        string network = fixture.NewName("n"), db = fixture.NewName();
        await fixture.TextAsync("28", ["network", "create", .. options, "-o", Apart, network]);
        await fixture.TextAsync("28", "run", "-d", "--name", db, "--net", network, "--expose", "80", "busybox", "httpd", "-f", "-p", "[::]:80", "-h", "/etc");
        string web = await fixture.SleeperAsync("28", "--net", network, "--link", $"{db}:sql"), other = await fixture.SleeperAsync("28", "--net", network);
        string[] addresses =
        [
            await AddressAsync(db, network), $"[{await fixture.TextAsync("28", "inspect", "-f", $"{{{{.NetworkSettings.Networks.{network}.GlobalIPv6Address}}}}", db)}]",
        ];
        Assert.Contains(addresses[0], await fixture.TextAsync("28", "exec", web, "nslookup", "sql"), StringComparison.Ordinal);
        Assert.Contains(addresses[1].Trim('[', ']'), await fixture.TextAsync("28", "exec", web, "nslookup", "-type=AAAA", "sql"), StringComparison.Ordinal);
        foreach (string address in addresses)
        {
            await Until.TrueAsync(() => ReachesAsync(web, address), $"{web} reaches {address}");
            Assert.False(await ReachesAsync(other, address));
        }

        await fixture.Daemon.KillAsync();
        await fixture.Daemon.LaunchAsync();
        foreach (string address in addresses)
        {
            await Until.TrueAsync(() => ReachesAsync(web, address), $"{web} reaches {address} again");
        }

        await fixture.TextAsync("28", "rm", "-f", web, other, db);

        async Task<bool> ReachesAsync(string from, string address) =>
            (await fixture.RunAsync("28", "exec", from, "timeout", "2", "wget", "-q", "-O", "/dev/null", $"http://{address}/passwd")).ExitCode == 0;
    }

    /// <summary>Both start again by their policies after a reboot: the one with the link second.</summary>
    [Fact]
    public async Task AfterARebootTheTargetComesFirst()
    {
        string db = await fixture.SleeperAsync("20.10", "--restart", "always"), web = await fixture.SleeperAsync("20.10", "--restart", "always", "--link", $"{db}:sql");
        await fixture.Daemon.RebootAsync();
        await fixture.Daemon.LaunchAsync();
        await Until.TrueAsync(async () => await fixture.Daemon.StatusAsync(web) == "running", $"{web} runs");
        Assert.Contains("sql", await fixture.TextAsync("20.10", "exec", web, "cat", "/etc/hosts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeIsSaid()
    {
        string db = await fixture.SleeperAsync("28"), other = await fixture.SleeperAsync("28"), name = fixture.NewName();
        await RefusedAsync("28", $"container {name} cannot be linked to itself", "create", "--name", name, "--link", $"{name}:me", "busybox");
        await RefusedAsync("28", "the link alias \"x\" is given to more than one container", "create", "--link", $"{db}:x", "--link", $"{other}:x", "busybox");
        await RefusedAsync("28", "bad alias \"a b\"", "create", "--link", $"{db}:a b", "busybox");
    }

    private async Task RefusedAsync(string client, string message, params string[] arguments)
    {
        ProcessResult result = await fixture.RunAsync(client, arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private async Task<string> PairAsync(string from, string to, string network, string port) => $"{await AddressAsync(from, network)} . {await AddressAsync(to, network)} . {port}";

    private Task<string> AddressAsync(string container, string network) =>
        fixture.TextAsync("20.10", "inspect", "-f", $"{{{{.NetworkSettings.Networks.{network}.IPAddress}}}}", container);

    private async Task HoldsAsync(string[] pairs)
    {
        string list = (await fixture.Daemon.Host.RunAsync("nft", "-n", "list", "set", "inet", "berth-berth0", "pairs4")).Text;
        string elements = list.Split("elements = {") is [_, var set] ? set.Split('}')[0] : "";
        string[] found = [.. elements.Split(',').Select(e => e.Trim().Replace(". 6 .", ". tcp .", StringComparison.Ordinal).Replace(". 17 .", ". udp .", StringComparison.Ordinal)).Where(e => e.Length > 0).Order()];
        Assert.Equal(pairs.Order(), found);
    }
}
