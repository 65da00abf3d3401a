using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Host;

/// <summary>Stops, kills and restarts of the daemon under running containers.</summary>
public sealed class DaemonLifeTests
{
    [Fact]
    public async Task ContainersOutliveAKilledDaemon()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync("run", "-d", "--name", "on", "busybox", "sleep", "1000");
        await daemon.TextAsync("run", "-d", "--name", "off", "busybox", "sh", "-c", "echo one; sleep 1; echo two; exit 9");
        string pid = await daemon.TextAsync("inspect", "-f", "{{.State.Pid}}", "on");
        await daemon.KillAsync();
        await Until.TrueAsync(() => Ended(daemon), "the second container ends");
        await daemon.LaunchAsync();
        Assert.Equal($"running {pid}", await daemon.TextAsync("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "on"));
        await Until.TrueAsync(async () => await daemon.TextAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "off") == "exited 9", "the exit is known");
        Assert.Equal("one\ntwo", await daemon.TextAsync("logs", "off"));
        Assert.Equal("in", await daemon.TextAsync("exec", "on", "echo", "in"));
        await daemon.TextAsync("rm", "-f", "on", "off");
    }

    /// <summary>All that a container was made with is in its row: inspect answers the same after a kill, and it starts again.</summary>
    [Theory]
    [InlineData("-v", "/tmp:/b")]
    [InlineData("-v", "/etc:/b:ro")]
    [InlineData("--mount", "type=bind,src=/etc,dst=/b,readonly,bind-nonrecursive")]
    [InlineData("-v", "named:/b", "-v", "/anonymous", "--tmpfs", "/t:size=1m")]
    [InlineData("--mount", "type=volume,src=other,dst=/b,volume-nocopy", "--mount", "type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=700")]
    [InlineData("--restart", "on-failure:3", "--stop-signal", "INT", "--stop-timeout", "0", "--log-opt", "max-size=1m", "-m", "64m", "--cpus", "0.5")]
    [InlineData("--cap-add", "net_admin", "--cap-drop", "chown", "--security-opt", "no-new-privileges", "--read-only", "--ulimit", "nofile=100:200", "--oom-score-adj", "0")]
    [InlineData("-e", "A=", "-w", "/new", "-u", "0:0", "-h", "here", "--label", "a=b", "--add-host", "x:10.0.0.1", "--dns", "192.0.2.1", "--net", "none", "-t", "-i")]
    public async Task ItsRowHoldsAllOfAContainer(params string[] options)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync(["create", "--name", "all", .. options, "busybox", "true"]);
        string before = await daemon.TextAsync("inspect", "all");
        await daemon.KillAsync();
        await daemon.LaunchAsync();
        Assert.Equal(before, await daemon.TextAsync("inspect", "all"));
        await daemon.TextAsync("start", "all");
        Assert.Equal("0", await daemon.TextAsync("wait", "all"));
        string ended = await daemon.TextAsync("inspect", "all");
        await daemon.StopAsync();
        await daemon.LaunchAsync();
        Assert.Equal(ended, await daemon.TextAsync("inspect", "all"));
        await daemon.TextAsync("rm", "-v", "all");
    }

    [Fact]
    public async Task ACleanStopLetsContainersRun()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync("run", "-d", "--name", "on", "busybox", "sleep", "1000");
        await daemon.StopAsync();
        Assert.False(File.Exists(daemon.Socket));
        await daemon.LaunchAsync();
        Assert.Equal("running", await daemon.TextAsync("inspect", "-f", "{{.State.Status}}", "on"));
    }

    [Fact]
    public async Task ASecondDaemonOnTheSameDataIsRefused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(withImage: false);
        ProcessResult second = await Run.Async(
            Testing.Programs.Berthd, "--data-root", daemon.DataRoot, "--run-root", daemon.Folder + "/run2", "--socket", daemon.Folder + "/2.sock");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"the data root {daemon.DataRoot} is in use by another berthd (pid {daemon.Pid})", second.Error, StringComparison.Ordinal);
        Assert.Equal("OK", await (await daemon.Api.GetAsync("/_ping")).Content.ReadAsStringAsync());
    }

    private static bool Ended(TestDaemon daemon) =>
        Directory.EnumerateFiles(Path.Join(daemon.DataRoot, "containers"), "exit.json", SearchOption.AllDirectories).Any();
}
