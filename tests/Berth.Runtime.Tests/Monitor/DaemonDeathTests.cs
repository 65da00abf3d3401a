using System.Globalization;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor;

public sealed class DaemonDeathTests(BusyboxRoot root)
{
    /// <summary>A million lines of 100 bytes with nobody there: every one is in the log.</summary>
    [Fact]
    public void NoLineIsLostWhileNoDaemonIsThere()
    {
        const int lines = 1_000_000;
        using TestMonitor monitor = TestMonitor.Start(
            root, new MonitorSetup("awk", $"BEGIN {{ for (i = 0; i < {lines}; i++) printf \"%099d\\n\", i; exit 6 }}") { Attach = MonitorSetup.Outputs });
        monitor.KillDaemon();
        Assert.Equal(0, monitor.WaitForEnd());
        int next = 0;
        foreach (string line in File.ReadLines(monitor.LogPath))
        {
            Assert.StartsWith("{\"log\":\"", line, StringComparison.Ordinal);
            Assert.Equal(next++, int.Parse(line.AsSpan(8, 99), CultureInfo.InvariantCulture));
        }

        Assert.Equal(lines, next);
        Assert.Contains("\"exitCode\":6", File.ReadAllText(monitor.ExitPath), StringComparison.Ordinal);
    }

    [Fact]
    public void TheNextDaemonWatchesAndAttaches()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "read x; echo got $x; exit 7") { OpenStdin = true });
        monitor.KillDaemon();
        (MonitorReply watching, TestConnection watch) = monitor.Call(new MonitorCall { Watch = new MonitorWatch() });
        Assert.Null(watching.Failed);
        using TestConnection attached = monitor.Attach(MonitorSetup.AllStreams);
        attached.Send("word\n");
        Assert.Equal(("got word\n", ""), attached.ReadFramesToEnd());
        Assert.Equal(7, watch.ReadFrame(MonitorJson.Default.MonitorEvent)?.Exited?.ExitCode);
        Assert.Null(watch.ReadFrame(MonitorJson.Default.MonitorEvent));
        watch.Dispose();
    }

    [Fact]
    public void KillingItsParentDoesNotConcernIt()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("cat") { OpenStdin = true, StdinOnce = true, ByWayOfShell = true });
        using (FileDescriptor shell = PidFd.Open(monitor.MonitorPid))
        {
            PidFd.Signal(shell, Libc.SIGKILL);
        }

        _ = monitor.WaitForEnd(); // the shell's
        using TestConnection attached = monitor.Attach(MonitorSetup.AllStreams);
        attached.Send("still there");
        attached.EndInput();
        Assert.Equal(("still there", ""), attached.ReadFramesToEnd());
        Assert.Equal(0, monitor.Exited().ExitCode);
        Assert.Null(monitor.Next());
    }

    [Theory]
    [InlineData(Libc.SIGHUP)]
    [InlineData(Libc.SIGINT)]
    [InlineData(Libc.SIGTERM)]
    [InlineData(Libc.SIGUSR1)]
    public void SignalsToTheMonitorAreIgnored(int signal)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using (FileDescriptor process = PidFd.Open(monitor.MonitorPid))
        {
            PidFd.Signal(process, signal);
        }

        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }
}
