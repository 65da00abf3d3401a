using System.Diagnostics;
using System.Text;

using Berth.Cli.Commands.Containers.Usage;
using Berth.Cli.Json;

namespace Berth.Cli.Tests.Commands;

/// <summary>stats: what it asks for, what it makes of the answers, and that Docker's client makes the same of them.</summary>
public sealed class StatsTests
{
    private const string Docker = "/usr/local/bin/docker";
    private const string Idle = """{"name":"/idle","id":"70620ec6bbd933575c9c50d3789633e3b30dede289c4795267cfb9429068b3d0","memory_stats":{},"pids_stats":{}}""";

    private static string Sample => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded/stats.json"));

    [Theory]
    [InlineData("stats --no-stream web")]
    [InlineData("stats --no-stream web idle web")]
    [InlineData("stats --no-stream --no-trunc idle web")]
    [InlineData("stats --no-stream --format json web idle")]
    [InlineData("stats --no-stream --format|table {{.Container}} {{.MemUsage}}\\t{{.PIDs}} web")]
    [InlineData("stats --no-stream --format|{{.ID}}:{{.NetIO}}:{{.BlockIO}}:{{.CPUPerc}}:{{.MemPerc}}:{{.Name}} idle")]
    [InlineData("stats --no-stream nosuch")]
    [InlineData("stats --no-stream web nosuch other")]
    [InlineData("stats --no-stream")]
    [InlineData("stats --no-stream -a")]
    [InlineData("container stats --no-stream web")]
    public async Task ShowsWhatDockersClientShows(string line)
    {
        Assert.SkipUnless(File.Exists(Docker), "docker 28 is not installed");
        string[] words = line.Split('|') is [var head, var tail] ? [.. head.Split(' '), tail[..tail.LastIndexOf(' ')], tail[(tail.LastIndexOf(' ') + 1)..]] : line.Split(' ');
        using FakeDaemon daemon = Daemon();
        (int code, string output, string error) = await RunDockerAsync(daemon, words);
        ClientResult ours = Client.Run(daemon, words);
        Assert.Equal((code, output, error), (ours.Code, ours.Out, ours.Error));
    }

    [Theory]
    [InlineData("stats --no-stream web", "GET /containers/web/stats?stream=0")]
    [InlineData("stats --no-stream a/b", "GET /containers/a%2Fb/stats?stream=0")]
    [InlineData("stats --no-stream", "GET /containers/json")]
    [InlineData("stats --no-stream -a", "GET /containers/json?all=1")]
    public void AsksForIt(string line, string request)
    {
        using FakeDaemon daemon = Daemon();
        Client.Run(daemon, line.Split(' '));
        Assert.Equal(request, daemon.Requests.First().Line);
    }

    [Fact]
    public void AStreamIsFollowedUntilTheDaemonIsGone()
    {
        using var second = new ManualResetEventSlim();
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/web/stats?stream=1", _ => new FakeAnswer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            [Chunk(Sample)],
            Closes: true)
        {
            // Long enough for a table, then the connection breaks in the middle of a chunk.
            Then = stream =>
            {
                second.Wait(TimeSpan.FromMilliseconds(700));
                stream.Write("5\r\nab"u8);
            },
        });
        ClientResult result = Client.Run(daemon, "stats", "--format", "{{.Name}} {{.PIDs}}", "web");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Matches("^(web 1\n)+$", result.Out);
    }

    [Fact]
    public void TheScreenIsWrittenOver() =>
        Assert.Equal("\u001b[Ha \u001b[K\nb \u001b[K\n \u001b[K\n\u001b[J", Cli.Commands.Containers.Stats.Screen("a\nb\n"));

    [Fact]
    public void WhatIsNotHeardOfIsNotShown()
    {
        StatsEntry silent = StatsEntry.Of("web", Parse(Sample)) with { IsInvalid = true };
        Assert.Equal($"web web {silent.Id[..12]} -- -- / -- -- -- -- --", string.Join(' ', StatsRows.Kind(whole: false).Fields.Select(f => f.Get(silent))));
    }

    [Theory]
    [InlineData("""{"precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000},"cpu_stats":{"cpu_usage":{"total_usage":200},"system_cpu_usage":2000,"online_cpus":4}}""", 40)]
    [InlineData("""{"precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000},"cpu_stats":{"cpu_usage":{"total_usage":200,"percpu_usage":[1,2]},"system_cpu_usage":2000}}""", 20)]
    [InlineData("""{"precpu_stats":{"cpu_usage":{"total_usage":300},"system_cpu_usage":1000},"cpu_stats":{"cpu_usage":{"total_usage":200},"system_cpu_usage":2000,"online_cpus":4}}""", 0)]
    [InlineData("""{"cpu_stats":{}}""", 0)]
    public void TheProcessorsShareIsOfOneProcessor(string sample, double percent) => Assert.Equal(percent, StatsEntry.Of("web", Parse(sample)).Cpu, 6);

    [Theory]
    [InlineData("""{"memory_stats":{"usage":100,"stats":{"total_inactive_file":30,"inactive_file":10}}}""", 70)]
    [InlineData("""{"memory_stats":{"usage":100,"stats":{"inactive_file":10}}}""", 90)]
    [InlineData("""{"memory_stats":{"usage":100,"stats":{"inactive_file":200}}}""", 100)]
    [InlineData("""{"memory_stats":{"usage":18446744073709551615}}""", 18446744073709551615.0)]
    public void CacheThatCouldGoIsNotCounted(string sample, double bytes) => Assert.Equal(bytes, StatsEntry.Of("web", Parse(sample)).Memory);

    private static JsonObject Parse(string text) => JsonParser.ParseObject(Encoding.UTF8.GetBytes(text));

    private static byte[] Chunk(string text) => [.. Encoding.ASCII.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n"), .. Encoding.UTF8.GetBytes(text), .. "\r\n"u8];

    private static FakeDaemon Daemon() => new FakeDaemon()
        .On("", static _ => FakeAnswer.Json("{}"))
        .On("HEAD /_ping", static _ => new FakeAnswer("HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n", []))
        .Everywhere("GET", "/version", """{"Os":"linux","ApiVersion":"1.50","Version":"1"}""")
        .Everywhere("GET", "/containers/", """{"message":"No such container: nosuch"}""", 404)
        .Everywhere("GET", "/images/", """{"message":"No such image"}""", 404)
        .Everywhere("GET", "/containers/web/stats", Sample).Everywhere("GET", "/containers/idle/stats", Idle)
        .Everywhere("GET", "/containers/6774bbadc38e/stats", Sample).Everywhere("GET", "/containers/70620ec6bbd9/stats", Idle)
        .Everywhere("GET", "/containers/json", """[{"Id":"6774bbadc38ef1af3e1154ab1358891c8ae21e6068d284aea2de7c1fac8a2f1b"}]""")
        .Everywhere("GET", "/containers/json?all=1", """[{"Id":"70620ec6bbd933575c9c50d3789633e3b30dede289c4795267cfb9429068b3d0"},{"Id":"6774bbadc38ef1af3e1154ab1358891c8ae21e6068d284aea2de7c1fac8a2f1b"}]""");

    private static async Task<(int Code, string Out, string Error)> RunDockerAsync(FakeDaemon daemon, string[] words)
    {
        var start = new ProcessStartInfo(Docker, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOCKER_HOST"] = daemon.Address;
        start.Environment["DOCKER_CONFIG"] = Path.Combine(Path.GetTempPath(), "berth-cli-no-config");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }
}
