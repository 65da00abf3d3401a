using System.Globalization;
using System.Text.Json.Nodes;

using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class StatsTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task TheFirstFiguresAreShown(string client)
    {
        string one = await fixture.SleeperAsync(client, "--memory", "64m"), two = await fixture.SleeperAsync(client, "--net", "none"), idle = fixture.NewName();
        await fixture.TextAsync(client, "create", "--name", idle, "busybox", "true");
        string[] rows = (await fixture.TextAsync(client, "stats", "--no-stream", one, two, idle)).Split('\n');
        Assert.Matches("^CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS$", rows[0]);
        Assert.Matches($@"^[0-9a-f]{{12}} +{one} +[0-9.]+% +[0-9.]+[KM]iB / 64MiB +[0-9.]+% +[0-9.]+k?B / [0-9.]+k?B +[0-9.]+[kM]?B / [0-9.]+[kM]?B +1$", rows[1]);
        Assert.Matches($@"^[0-9a-f]{{12}} +{two} +[0-9.]+% +[0-9.]+[KM]iB / [0-9.]+GiB +[0-9.]+% +0B / 0B +[0-9.]+[kM]?B / [0-9.]+[kM]?B +1$", rows[2]);
        Assert.Matches($"^[0-9a-f]{{12}} +{idle} +0.00% +0B / 0B +0.00% +0B / 0B +0B / 0B +0$", rows[3]);
        string all = await fixture.TextAsync(client, "stats", "--no-stream", "--all", "--no-trunc", "--format", "{{.ID}} {{.Name}} {{.PIDs}}");
        Assert.Matches($"(?m)^[0-9a-f]{{64}} {one} 1$", all);
        Assert.Matches($"(?m)^[0-9a-f]{{64}} {idle} 0$", all);
        Assert.DoesNotContain(idle, (await fixture.TextAsync(client, "stats", "--no-stream", "--format", "{{.Name}}")).Split('\n'));
        ProcessResult refused = await fixture.RunAsync(client, "stats", "--no-stream", "nosuch");
        Assert.Equal((1, "", "Error response from daemon: No such container: nosuch\n"), (refused.ExitCode, refused.Out, refused.Error));
    }

    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ATerminalIsDrawnAgainAndAgain(string client)
    {
        string first = await fixture.SleeperAsync(client);
        await using PtySession terminal = fixture.Client(client).OnTerminal(fixture.Daemon, "stats --format \"table {{.Name}} {{.CPUPerc}}\"", columns: 120);
        await terminal.ExpectAsync("\u001b[H");
        await terminal.ExpectAsync(first);
        string second = await fixture.SleeperAsync(client);
        await terminal.ExpectAsync(second);
        await terminal.ExpectAsync("\u001b[H");
        await fixture.TextAsync(client, "rm", "-f", second);
        await Until.TrueAsync(() => !LastScreen(terminal.Seen).Contains(second, StringComparison.Ordinal) && LastScreen(terminal.Seen).Contains(first, StringComparison.Ordinal), $"{second} is not shown any more");
        await terminal.TypeAsync("\u0003");
    }

    [Fact]
    public async Task APipeGetsPlainTables()
    {
        string name = await fixture.SleeperAsync("berth");
        using System.Diagnostics.Process process = Run.Start(DockerClient.Berth.Path, ["stats", name], DockerClient.EnvironmentFor(fixture.Daemon));
        string text = "";
        for (int i = 0; i < 4; i++)
        {
            text += await process.StandardOutput.ReadLineAsync() + "\n";
        }

        process.Kill();
        await process.WaitForExitAsync();
        Assert.Matches($"^(CONTAINER ID .*\n[0-9a-f]{{12}} +{name} .*\n){{2}}$", text);
    }

    [Fact]
    public async Task ASampleHoldsWhatTheKernelCounted()
    {
        string busy = fixture.NewName(), server = fixture.NewName();
        await fixture.TextAsync("28", "run", "-d", "--name", server, "busybox", "httpd", "-f", "-p", "80", "-h", "/bin");
        string address = (string)(await fixture.Daemon.Api.JsonAsync($"/containers/{server}/json"))["NetworkSettings"]!["IPAddress"]!;
        await fixture.TextAsync("28", "run", "-d", "--name", busy, "--memory", "100m", "--pids-limit", "50", "busybox", "sh", "-c", $"until wget -q -O /tmp/b http://{address}/busybox; do :; done; while :; do :; done");
        await Until.TrueAsync(async () => Sum(await SampleAsync(busy, "stream=0&one-shot=1"), "rx_bytes") > 500_000, $"{busy} has loaded the file");
        JsonNode sample = await SampleAsync(busy, "stream=0");
        Assert.Equal($"/{busy}", (string?)sample["name"]);
        Assert.Equal(["eth0"], sample["networks"]!.AsObject().Select(n => n.Key));
        Assert.True(Sum(sample, "tx_bytes") > 0);
        Assert.True(Sum(await SampleAsync(server, "stream=0&one-shot=1"), "tx_bytes") > 500_000);
        Assert.Equal(100 << 20, (long)sample["memory_stats"]!["limit"]!);
        Assert.True((long)sample["memory_stats"]!["usage"]! > 0 && sample["memory_stats"]!["stats"]!.AsObject().Count > 10);
        Assert.Equal((1, 50), ((long)sample["pids_stats"]!["current"]!, (long)sample["pids_stats"]!["limit"]!));
        Assert.True(Cpu(sample, "cpu_stats") > Cpu(sample, "precpu_stats") && Cpu(sample, "precpu_stats") > 0);
        Assert.True((long)sample["cpu_stats"]!["system_cpu_usage"]! > (long)sample["precpu_stats"]!["system_cpu_usage"]!);
        Assert.True(Time(sample, "read") - Time(sample, "preread") >= TimeSpan.FromSeconds(0.9));
        await fixture.TextAsync("28", "rm", "-f", busy);
    }

    [Fact]
    public async Task OneShotHasNothingBeforeIt()
    {
        string name = await fixture.SleeperAsync("28");
        JsonNode sample = await SampleAsync(name, "stream=0&one-shot=1");
        Assert.Equal(("0001-01-01T00:00:00Z", 0L), ((string?)sample["preread"], Cpu(sample, "precpu_stats")));
        Assert.Equal((400, "cannot have stream=true and one-shot=true"), await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, $"/containers/{name}/stats?one-shot=1"));
        Assert.Equal((404, "No such container: nosuch"), await fixture.Daemon.Api.ErrorAsync(HttpMethod.Get, "/containers/nosuch/stats"));
    }

    [Fact]
    public async Task AStreamGoesOnUntilTheContainerIsRemoved()
    {
        string name = await fixture.SleeperAsync("28");
        using HttpResponseMessage response = await fixture.Daemon.Api.GetAsync($"/containers/{name}/stats");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        JsonNode first = await NextAsync(lines), second = await NextAsync(lines);
        Assert.Equal("0001-01-01T00:00:00Z", (string?)first["preread"]);
        Assert.Equal(((string?)first["read"], Cpu(first, "cpu_stats")), ((string?)second["preread"], Cpu(second, "precpu_stats")));
        await fixture.TextAsync("28", "kill", name);
        JsonNode ended;
        do
        {
            ended = await NextAsync(lines);
        }
        while ((string?)ended["read"] != "0001-01-01T00:00:00Z");

        Assert.Equal(($"/{name}", 0L), ((string?)ended["name"], Cpu(ended, "cpu_stats")));
        await fixture.TextAsync("28", "start", name);
        do
        {
            ended = await NextAsync(lines);
        }
        while ((string?)ended["read"] == "0001-01-01T00:00:00Z");

        await fixture.TextAsync("28", "rm", "-f", name);
        while (await lines.ReadLineAsync() is not null)
        {
            // samples that were on their way
        }
    }

    [Fact]
    public async Task OnlyInterfacesOfItsOwnAreShown()
    {
        string owner = await fixture.SleeperAsync("28"), sharing = await fixture.SleeperAsync("28", "--network", $"container:{owner}");
        string host = await fixture.SleeperAsync("28", "--network", "host"), none = await fixture.SleeperAsync("28", "--network", "none");
        Assert.Equal(["eth0"], (await SampleAsync(sharing, "stream=0&one-shot=1"))["networks"]!.AsObject().Select(n => n.Key));
        Assert.Null((await SampleAsync(host, "stream=0&one-shot=1"))["networks"]);
        Assert.Null((await SampleAsync(none, "stream=0&one-shot=1"))["networks"]);
        string network = fixture.NewName("net");
        await fixture.TextAsync("28", "network", "create", network);
        await fixture.TextAsync("28", "network", "connect", network, owner);
        Assert.Equal(["eth0", "eth1"], (await SampleAsync(owner, "stream=0&one-shot=1"))["networks"]!.AsObject().Select(n => n.Key).Order());
    }

    private Task<JsonNode> SampleAsync(string container, string query) => fixture.Daemon.Api.JsonAsync($"/containers/{container}/stats?{query}");

    private static async Task<JsonNode> NextAsync(StreamReader lines) => JsonNode.Parse(await lines.ReadLineAsync() ?? throw new InvalidOperationException("the stream has ended"))!;

    private static long Cpu(JsonNode sample, string which) => (long)sample[which]!["cpu_usage"]!["total_usage"]!;

    private static long Sum(JsonNode sample, string counter) => sample["networks"]?.AsObject().Sum(n => (long)n.Value![counter]!) ?? 0;

    private static DateTimeOffset Time(JsonNode sample, string which) => DateTimeOffset.Parse((string)sample[which]!, CultureInfo.InvariantCulture);

    private static string LastScreen(string seen) => seen.Split("\u001b[H")[^2];
}
