using Berth.Testing;
using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests;

/// <summary>Our own client beside Docker's 28 on the same daemon: the same standard output and exit code, and the same first line of complaint.</summary>
public sealed class ClientParityTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private static readonly string[] Templates =
    [
        "{{.Name}}", "{{.ID}}", "{{.Id}}", "{{json .Config}}", "{{.Config.Env}}", "{{.Config.Labels}}", "{{.Config.Labels.nope}}", "{{index .Config.Labels \"a\"}}",
        "{{range .Mounts}}{{.Type}}:{{.Destination}} {{end}}", "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}", "{{.HostConfig.CapAdd}}", "{{.Config.Entrypoint}}",
        "{{.Foo}}", "{{.Config.Foo}}", "{{foo}}", "{{.Name", "{{len .Mounts}}", "{{if eq .State.Status \"running\"}}up{{else}}down{{end}}", "{{if .State.Health}}h{{else}}none{{end}}",
        "{{.HostConfig.RestartPolicy.Name}}", "{{.HostConfig.DNS}}", "{{join .Config.Cmd \" \"}}", "{{slice .Id 0 12}}", "{{printf \"%-10s|%5d\" .Name .State.ExitCode}}", "json",
    ];

    public static TheoryData<string> Inspections => [.. Templates];

    [Theory]
    [MemberData(nameof(Inspections))]
    public async Task InspectsAlike(string template)
    {
        string name = await fixture.SleeperAsync("28", "--net", "none", "-l", "a=b", "-l", "c=d", "-v", "/data", "-e", "A=1");
        await AlikeAsync("inspect", "-f", template, name);
    }

    [Theory]
    [InlineData("images --no-trunc")]
    [InlineData("images -q")]
    [InlineData("images --digests busybox")]
    [InlineData("images nosuch")]
    [InlineData("images --format {{.Foo}}")]
    [InlineData("image inspect busybox")]
    [InlineData("inspect nosuch")]
    [InlineData("network ls --no-trunc --format json")]
    [InlineData("network inspect none")]
    [InlineData("volume ls -f name=nosuch")]
    [InlineData("volume inspect nosuch")]
    [InlineData("ps --format {{.Foo}}")]
    [InlineData("ps -f foo")]
    [InlineData("ps -f nonsense=1")]
    [InlineData("info --format {{.Driver}}/{{.OSType}}/{{.NCPU}}")]
    [InlineData("version --format {{.Server.Version}}/{{.Server.APIVersion}}")]
    [InlineData("run --rm --net none busybox sh -c exit")]
    [InlineData("run --rm --net none busybox false")]
    [InlineData("run --rm --net none busybox nosuch")]
    [InlineData("run --rm --net none busybox /etc")]
    [InlineData("run --rm --net none -t busybox tty")]
    [InlineData("run --rm --net none -e A=1 -w /tmp -u 5:6 busybox id")]
    [InlineData("run --rm --net none --entrypoint echo busybox a b")]
    [InlineData("run --rm --net none -h foo busybox hostname")]
    [InlineData("run --rm --net none --tmpfs /t:size=1m busybox df /t")]
    [InlineData("run --rm --net none --cap-drop all busybox grep CapEff /proc/self/status")]
    [InlineData("run -it busybox")]
    [InlineData("run --foo")]
    [InlineData("run -p 99999:1 busybox")]
    [InlineData("run --mount type=bind busybox")]
    [InlineData("run -m x busybox")]
    [InlineData("run --pid x busybox")]
    [InlineData("run --name a/b busybox")]
    [InlineData("run --rm --restart always busybox")]
    [InlineData("exec nosuch true")]
    [InlineData("logs nosuch")]
    [InlineData("logs --since foo nosuch")]
    [InlineData("start nosuch")]
    [InlineData("stop nosuch")]
    [InlineData("rm nosuch nosuch2")]
    [InlineData("rm -f nosuch")]
    [InlineData("rmi nosuch")]
    [InlineData("wait nosuch")]
    [InlineData("top nosuch")]
    [InlineData("attach nosuch")]
    public Task AnswersAlike(string line) => AlikeAsync(line.Split(' '));

    [Fact]
    public async Task ShowsOneContainerAlike()
    {
        string name = await fixture.SleeperAsync("28", "--net", "none", "-l", "a=b", "-v", "/data");
        await AlikeAsync("ps", "--filter", $"name={name}", "--format", "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.Names}}\t{{.Labels}}\t{{.LocalVolumes}}\t{{.Networks}}\t{{.Label \"a\"}}");
        await AlikeAsync("ps", "-q", "--no-trunc", "--filter", $"name={name}");
        await AlikeAsync("inspect", name);
        await AlikeAsync("inspect", "-s", name);
        await AlikeAsync("top", name, "-o", "pid,comm");
        await AlikeAsync("port", name);
        await AlikeAsync("exec", "-e", "A=b", name, "sh", "-c", "echo $A; exit 5");
        await AlikeAsync("exec", name, "nosuch");
        await AlikeAsync("exec", "-it", name, "sh");
    }

    [Fact]
    public async Task ShowsItsLogAlike()
    {
        string name = fixture.NewName();
        await fixture.RunAsync("28", "run", "--net", "none", "--name", name, "busybox", "sh", "-c", "echo out; echo err >&2; exit 3");
        await AlikeAsync("logs", name);
        await AlikeAsync("logs", "-t", name);
        await AlikeAsync("logs", "--tail", "1", name);
        await AlikeAsync("logs", "--since", "1h", name);
        await AlikeAsync("start", "-a", name);
        await AlikeAsync("wait", name);
        await AlikeAsync("exec", name, "true");
        await AlikeAsync("attach", name);
    }

    /// <summary>Installed under Docker's name it calls itself so.</summary>
    [Fact]
    public async Task GoesByDockersName()
    {
        string link = Path.Join(fixture.Daemon.Folder, "docker");
        File.CreateSymbolicLink(link, Programs.Berth);
        ProcessResult result = await Run.Async(link, ["run", "--foo"], null, DockerClient.EnvironmentFor(fixture.Daemon));
        Assert.Equal((125, "unknown flag: --foo\nSee 'docker run --help'.\n"), (result.ExitCode, result.Error));
    }

    private async Task AlikeAsync(params string[] arguments)
    {
        ProcessResult theirs = await fixture.RunAsync("28", arguments);
        ProcessResult ours = await Run.Async(Programs.Berth, arguments, null, DockerClient.EnvironmentFor(fixture.Daemon));
        Assert.Equal((theirs.ExitCode, theirs.Out, Complaint(theirs)), (ours.ExitCode, ours.Out, Complaint(ours)));
    }

    // Docker 20.10 ended a run's complaint with a full stop, and so do we; 28 does not.
    private static string Complaint(ProcessResult result) =>
        result.Error.Split('\n')[0].Replace("berth:", "docker:", StringComparison.Ordinal).TrimEnd('.');
}
