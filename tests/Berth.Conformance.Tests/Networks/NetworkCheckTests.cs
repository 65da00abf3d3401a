using System.Globalization;
using System.Text.Json.Nodes;

using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>"berth network check" beside what containers really reach: each verdict is compared with an attempt.</summary>
public sealed class NetworkCheckTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const string Shared = "they share a network";

    [Fact]
    public async Task WhatIsWellIsReached()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "5432");
        JsonNode answer = await CheckAsync(web, db, 5432);
        Assert.Equal("", (string?)answer["Advice"]);
        Assert.All(answer["Steps"]!.AsArray(), s => Assert.True((bool)s!["Passed"]!));
        Assert.True((bool)answer["Reachable"]!);
        Assert.True(await ReachesAsync(web, $"{db}:5432"));
        ProcessResult shown = await DockerClient.Berth.RunAsync(fixture.Daemon, "network", "check", web, db, "5432");
        Assert.EndsWith($"{web} reaches {db} on 5432/tcp\n", shown.Out, StringComparison.Ordinal);
        Assert.Equal(0, shown.ExitCode);
    }

    [Fact]
    public async Task WhatHasEndedIsNot()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "5432");
        await DockerAsync("kill", db);
        await Until.TrueAsync(async () => await fixture.Daemon.StatusAsync(db) == "exited", $"{db} ends");
        await FailsAsync(web, db, 5432, "both run", $"{db} is exited", $"berth start {db}");
        await DockerAsync("pause", web);
        await FailsAsync(web, web, 5432, "both run", $"{web} is paused", $"berth unpause {web}");
        await DockerAsync("unpause", web);
    }

    [Fact]
    public async Task NetworksApartHaveAWayByThePublishedPort()
    {
        string app = await NetworkAsync(), front = await NetworkAsync(), web = await SleeperAsync(front), db = await ServerAsync(app, "5432", "-p", "15432:5432");
        JsonNode answer = await FailsAsync(web, db, 5432, Shared, $"{web} is on {front}; {db} is on {app}", null);
        string address = Assert.Single((await fixture.Daemon.Api.JsonAsync($"/networks/{front}"))["IPAM"]!["Config"]!.AsArray())!["Gateway"]!.ToString();
        Assert.Equal($"berth network connect {app} {web}; or use {address}:15432 (5432/tcp)", (string?)answer["Advice"]);
        Assert.False(await ReachesAsync(web, $"{AddressOf(await InspectAsync(db), app)}:5432"));
        Assert.True(await ReachesAsync(web, $"{address}:15432"));
        await DockerAsync("network", "connect", app, web);
        Assert.True((bool)(await CheckAsync(web, db, 5432))["Reachable"]!);
    }

    [Fact]
    public async Task AnInternalNetworkHasNone()
    {
        string app = await NetworkAsync(), inside = await NetworkAsync("--internal"), web = await SleeperAsync(inside), db = await ServerAsync(app, "5432", "-p", "15433:5432");
        await FailsAsync(web, db, 5432, "a published port leads there", $"{db} has 0.0.0.0:15433/tcp, [::]:15433/tcp, but {web} is on internal networks only, which do not lead to the host's ports", $"berth network connect {app} {web}");
        string address = Assert.Single((await fixture.Daemon.Api.JsonAsync($"/networks/{inside}"))["IPAM"]!["Config"]!.AsArray())!["Gateway"]!.ToString();
        Assert.False(await ReachesAsync(web, $"{address}:15433"));
    }

    [Fact]
    public async Task AServerOnLoopbackIsNotReached()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "127.0.0.1:5432");
        await FailsAsync(
            web, db, 5432, "something listens on 5432/tcp", $"{db} listens on 127.0.0.1:5432 only, which nobody outside of it reaches", $"make the program in {db} listen on 0.0.0.0:5432 instead");
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
        string beside = fixture.NewName();
        await DockerAsync("run", "-d", "--name", beside, "--network", $"container:{db}", "busybox", "sleep", "1000");
        Assert.True((bool)(await CheckAsync(beside, db, 5432))["Reachable"]!);
        Assert.True(await ReachesAsync(beside, "127.0.0.1:5432"));
    }

    [Fact]
    public async Task AnotherPortIsNamed()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "8080");
        await FailsAsync(
            web, db, 5432, "something listens on 5432/tcp", $"nothing in {db} does; it listens on 8080/tcp", $"use 8080/tcp, or make {db} listen on 5432/tcp: berth logs {db} may tell why it does not");
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
        await FailsAsync(db, web, 80, "something listens on 80/tcp", $"nothing listens in {web}", $"start what should listen; what {web} wrote may tell why it does not: berth logs {web}");
    }

    [Fact]
    public async Task ContainersMayBeKeptApart()
    {
        string apart = await NetworkAsync("-o", "com.docker.network.bridge.enable_icc=false"), web = await SleeperAsync(apart), db = await ServerAsync(apart, "5432");
        await FailsAsync(
            web, db, 5432, "the network lets them talk", $"{apart} keeps its containers apart (com.docker.network.bridge.enable_icc=false), and {web} is not linked to {db}",
            $"put both on a network without that option: berth network create shared; berth network connect shared {web}; berth network connect shared {db}");
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
    }

    [Fact]
    public async Task ALinkOpensWhatIsExposed()
    {
        string apart = await NetworkAsync("-o", "com.docker.network.bridge.enable_icc=false"), db = await ServerAsync(apart, "5432", "--expose", "5432");
        string web = await StartAsync(apart, ["--link", $"{db}:base"], "sleep", "1000");
        JsonNode answer = await CheckAsync(web, db, 5432);
        Assert.True((bool)answer["Reachable"]!, answer.ToJsonString());
        Assert.Contains($"{web} finds {db} as base", (string?)Assert.Single(answer["Steps"]!.AsArray(), s => (string?)s!["Check"] == "names")!["Detail"], StringComparison.Ordinal);
        Assert.True(await ReachesAsync(web, "base:5432"));
        await FailsAsync(
            web, db, 80, "the network lets them talk", $"{apart} keeps its containers apart; {web}'s link to {db} opens what {db} exposes: 5432/tcp", $"make {db} anew with --expose 80/tcp");
    }

    /// <summary>The daemon sets it up again, but at longer and longer intervals where somebody sets it down each time: then there is time for a look.</summary>
    [Fact]
    public async Task ABridgeMayBeDown()
    {
        string app = await NetworkAsync("-o", "com.docker.network.bridge.name=down0"), web = await SleeperAsync(app), db = await ServerAsync(app, "5432");
        for (int i = 0; i < 10; i++)
        {
            await Until.TrueAsync(
                async () => (await fixture.Daemon.Host.RunAsync("ip", "-o", "link", "show", "down0")).Text.Contains(",UP", StringComparison.Ordinal), "the bridge is up again");
            _ = (await fixture.Daemon.Host.RunAsync("ip", "link", "set", "down0", "down")).Text;
        }

        await FailsAsync(web, db, 5432, "the bridge is up", "down0 is gone or switched off", "ip link set down0 up; where it is gone, restart berthd: it makes it again");
        _ = (await fixture.Daemon.Host.RunAsync("ip", "link", "set", "down0", "up")).Text;
        Assert.True((bool)(await CheckAsync(web, db, 5432))["Reachable"]!);
    }

    [Fact]
    public async Task AnInterfaceMayBeDown()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "5432");
        string[] inside = ["-n", "-t", (await InspectAsync(db))["State"]!["Pid"]!.ToString()];
        _ = (await Run.Async("nsenter", [.. inside, "ip", "link", "set", "eth0", "down"])).Text;
        await FailsAsync(
            web, db, 5432, $"{db} is attached to it", "eth0 in it is switched off", $"nsenter --net=$(berth inspect -f '{{{{.NetworkSettings.SandboxKey}}}}' {db}) ip link set eth0 up");
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
        _ = (await Run.Async("nsenter", [.. inside, "ip", "link", "set", "eth0", "up"])).Text;
        Assert.True((bool)(await CheckAsync(web, db, 5432))["Reachable"]!);
    }

    [Fact]
    public async Task AnAddressMayBeTakenAwayInside()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync(app, "5432"), address = AddressOf(await InspectAsync(db), app);
        _ = (await Run.Async("nsenter", ["-n", "-t", (await InspectAsync(db))["State"]!["Pid"]!.ToString(), "ip", "address", "flush", "dev", "eth0"])).Text;
        string again = $"berth network disconnect {app} {db}; berth network connect {app} {db}";
        await FailsAsync(web, db, 5432, $"{db} has its addresses", $"{address} is gone from eth0: somebody took it away inside {db}", again);
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
        await DockerAsync("network", "disconnect", app, db);
        await DockerAsync("network", "connect", app, db);
        Assert.True((bool)(await CheckAsync(web, db, 5432))["Reachable"]!);
        Assert.True(await ReachesAsync(web, $"{db}:5432"));
    }

    /// <summary>The published port leads there, but another program's rules drop what passes through the host.</summary>
    [Fact]
    public async Task AnotherProgramsRulesMayDropIt()
    {
        string apart = await NetworkAsync("-o", "com.docker.network.bridge.enable_icc=false", "-o", "com.docker.network.bridge.name=apart0"), db = await ServerAsync(apart, "5432", "--expose", "5432");
        string web = await StartAsync(apart, ["--link", $"{db}:base"], "sleep", "1000");
        Assert.True(await ReachesAsync(web, "base:5432"));
        _ = (await fixture.Daemon.Host.RunAsync("nft", "add table inet site { chain forward { type filter hook forward priority 10; iifname apart0 oifname apart0 jump no; }; chain no { drop; }; }")).Text;
        try
        {
            const string Check = "the host's other rules let it through";
            JsonNode answer = await CheckAsync(web, db, 5432);
            Assert.Equal("the chain forward of the table inet site may drop by a rule what passes within apart0", (string?)answer["Steps"]!.AsArray().Single(s => (string?)s!["Check"] == Check)!["Detail"]);
            Assert.False(await ReachesAsync(web, "base:5432"));
        }
        finally
        {
            _ = (await fixture.Daemon.Host.RunAsync("nft", "delete table inet site")).Text;
        }

        Assert.Equal("", (string?)(await CheckAsync(web, db, 5432))["Advice"]);
    }

    [Fact]
    public async Task ALinkMayBeTakenOffTheBridge()
    {
        string app = await NetworkAsync("-o", "com.docker.network.bridge.name=off0"), web = await SleeperAsync(app), db = await ServerAsync(app, "5432");
        string step = $"{db} is attached to it";
        string end = ((string)(await CheckAsync(web, db, 5432))["Steps"]!.AsArray().Single(s => (string?)s!["Check"] == step)!["Detail"]!).Split(' ')[^1];
        _ = (await fixture.Daemon.Host.RunAsync("ip", "link", "set", end, "nomaster")).Text;
        await FailsAsync(web, db, 5432, step, $"{end}, the host's end of eth0, is not on off0", $"ip link set {end} master off0");
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
    }

    [Fact]
    public async Task TheDefaultNetworkHasNoNames()
    {
        string web = await SleeperAsync("bridge"), db = await ServerAsync("bridge", "5432");
        JsonNode answer = await CheckAsync(web, db, 5432);
        string address = AddressOf(await InspectAsync(db), "bridge");
        Assert.True((bool)answer["Reachable"]!);
        Assert.Equal(
            $"use {address}, or a network of your own, where names are answered: berth network create shared; berth network connect shared {web}; berth network connect shared {db}", (string?)answer["Advice"]);
        Assert.True(await ReachesAsync(web, $"{address}:5432"));
        Assert.False(await ReachesAsync(web, $"{db}:5432"));
    }

    [Fact]
    public async Task TheHostsNetworkIsReachedBothWays()
    {
        string app = await NetworkAsync(), web = await SleeperAsync(app), db = await ServerAsync("host", "7432"), inner = await ServerAsync(app, "5432");
        string address = Assert.Single((await fixture.Daemon.Api.JsonAsync($"/networks/{app}"))["IPAM"]!["Config"]!.AsArray())!["Gateway"]!.ToString();
        Assert.True((bool)(await CheckAsync(web, db, 7432))["Reachable"]!);
        Assert.True(await ReachesAsync(web, $"{address}:7432"));
        Assert.True((bool)(await CheckAsync(db, inner, 5432))["Reachable"]!);
        Assert.True(await ReachesAsync(db, $"{AddressOf(await InspectAsync(inner), app)}:5432"));
    }

    [Fact]
    public async Task WhatIsNotThereIsRefused()
    {
        string web = await SleeperAsync("bridge");
        Assert.Equal((404, "No such container: nosuch"), await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, $"/berth/network-check?from={web}&to=nosuch"));
        Assert.Equal((404, "No such container: nosuch"), await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, $"/berth/network-check?from=nosuch&to={web}"));
        Assert.Equal(400, (await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, $"/berth/network-check?from={web}")).Status);
        Assert.Equal(
            (400, "invalid port \"80/icmp\": one port is wanted, as 80, 53/udp or 80/tcp"),
            await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, $"/v1.41/berth/network-check?from={web}&to={web}&port=80/icmp"));
    }

    private async Task<JsonNode> FailsAsync(string from, string to, int port, string check, string detail, string? advice)
    {
        JsonNode answer = await CheckAsync(from, to, port);
        Assert.False((bool)answer["Reachable"]!);
        JsonNode step = Assert.Single(answer["Steps"]!.AsArray(), s => (string?)s!["Check"] == check)!;
        Assert.Equal((false, detail), ((bool)step["Passed"]!, (string)step["Detail"]!));
        if (advice is not null)
        {
            Assert.Equal(advice, (string?)answer["Advice"]);
        }

        return answer;
    }

    private Task<JsonNode> CheckAsync(string from, string to, int port) =>
        fixture.Daemon.Api.JsonAsync(string.Create(CultureInfo.InvariantCulture, $"/berth/network-check?from={from}&to={to}&port={port}/tcp"));

    private Task<JsonNode> InspectAsync(string container) => fixture.Daemon.Api.JsonAsync($"/containers/{container}/json");

    private static string AddressOf(JsonNode container, string network) => (string)container["NetworkSettings"]!["Networks"]![network]!["IPAddress"]!;

    private Task<string> DockerAsync(params string[] arguments) => fixture.Daemon.TextAsync(arguments);

    private async Task<string> NetworkAsync(params string[] options)
    {
        string name = fixture.NewName("net");
        await DockerAsync(["network", "create", .. options, name]);
        return name;
    }

    private async Task<string> SleeperAsync(string network) => await StartAsync(network, [], "sleep", "1000");

    private async Task<string> ServerAsync(string network, string listens, params string[] options)
    {
        string name = await StartAsync(network, options, "httpd", "-f", "-p", listens, "-h", "/etc");
        await Until.TrueAsync(async () => (await fixture.RunAsync("28", "exec", name, "netstat", "-ltn")).Out.Contains($":{listens.Split(':')[^1]} ", StringComparison.Ordinal), $"{name} listens");
        return name;
    }

    private async Task<string> StartAsync(string network, string[] options, params string[] command)
    {
        string name = fixture.NewName();
        await DockerAsync(["run", "-d", "--name", name, "--network", network, .. options, "busybox", .. command]);
        return name;
    }

    private async Task<bool> ReachesAsync(string container, string target) =>
        (await fixture.RunAsync("28", "exec", container, "timeout", "2", "wget", "-q", "-O", "/dev/null", $"http://{target}/passwd")).ExitCode == 0;
}
