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
