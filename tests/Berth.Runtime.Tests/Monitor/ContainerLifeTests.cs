using System.Text.Json;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Monitor;
using Berth.Runtime.Tests.Monitor.Logs;

namespace Berth.Runtime.Tests.Monitor;

public sealed class ContainerLifeTests(BusyboxRoot root)
{
    [Fact]
    public void AContainerStartsLogsEndsAndIsRecorded()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "echo out; echo err >&2; printf unfinished; exit 3"));
        ContainerExit exit = monitor.Exited();
        Assert.Null(monitor.Next());
        Assert.Equal(0, monitor.WaitForEnd());

        Assert.Equal((3, false), (exit.ExitCode, exit.OomKilled));
        Assert.Equal(monitor.State.StartedAt, exit.StartedAt);
        Assert.True(exit.FinishedAt >= exit.StartedAt);
        Assert.True(exit.CpuMicroseconds > 0);
        Assert.Equal(exit, JsonSerializer.Deserialize(File.ReadAllBytes(monitor.ExitPath), MonitorJson.Default.ContainerExit));
        Assert.Equal(["out\n", "unfinished"], LogReader.Read(monitor.LogPath).Where(e => e.Stream == "stdout").Select(e => e.Log));
        Assert.Equal(["err\n"], LogReader.Read(monitor.LogPath).Where(e => e.Stream == "stderr").Select(e => e.Log));
    }

    [Fact]
    public void StateIsOnDiskWhileItRuns()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        MonitorState? state = JsonSerializer.Deserialize(File.ReadAllBytes(monitor["state.json"]), MonitorJson.Default.MonitorState);
        Assert.Equal(monitor.State, state);
        Assert.Equal(monitor.MonitorPid, state!.MonitorPid);
        Assert.Equal("berth-monitor\n", File.ReadAllText($"/proc/{monitor.MonitorPid}/comm")); // it was executed by a descriptor
        Assert.Equal(ProcessStat.TryRead(state.Pid)?.StartTime, state.PidStartTime);
        Assert.False(File.Exists(monitor.ExitPath));
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }

    [Theory]
    [InlineData(127, "missing-program")]
    [InlineData(126, "/bin/not-executable")]
    public void AStartThatFailsIsToldAndLeavesNothing(int code, string program)
    {
        using TestMonitor monitor = TestMonitor.Launch(root, new MonitorSetup(program));
        MonitorFailure? failure = monitor.Next()?.Failed;
        Assert.Equal(code, failure?.ExitCode);
        Assert.Contains(program, failure!.Message, StringComparison.Ordinal);
        Assert.Equal(1, monitor.WaitForEnd());
        Assert.False(File.Exists(monitor.ExitPath));
    }

    [Fact]
    public void ARunFolderThatADaemonGivesUpIsNotStarted()
    {
        using TestMonitor monitor = TestMonitor.Launch(root, new MonitorSetup("true"));
        using FileDescriptor taken = FileDescriptor.Open(monitor["monitor.json"], Libc.O_RDONLY);

        // Whoever comes first holds it; both orders are right as long as they exclude each other. A start that is over holds it no longer.
        bool ours = FileLock.TryTake(taken, "monitor.json") && !File.Exists(monitor["state.json"]) && !File.Exists(monitor.ExitPath);
        MonitorEvent? first = monitor.Next();
        Assert.True(ours ? first?.Failed is not null : first?.Started is not null);
        _ = monitor.WaitForEnd();
    }

    /// <summary>Docker's OOMKilled: whether the killer took anything in the container's cgroup.</summary>
    [Theory]
    [InlineData(137, "exec tail /dev/zero")]
    [InlineData(5, "tail /dev/zero; exit 5")]
    public void OutOfMemoryIsTold(int code, string script)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", script) { MemoryLimit = 24 << 20 });
        ContainerExit exit = monitor.Exited();
        Assert.Equal((code, true), (exit.ExitCode, exit.OomKilled));
    }

    [Fact]
    public void AnotherUserMayOpenItsStandardStreams()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "ls /dev/stdout; echo own > /dev/stdout; echo error > /proc/self/fd/2; id -u") { User = 1000 });
        Assert.Equal(0, monitor.Exited().ExitCode);
        Assert.Contains("own\n", LogReader.Read(monitor.LogPath).Select(e => e.Log));
        Assert.Contains("1000\n", LogReader.Read(monitor.LogPath).Select(e => e.Log));
    }

    /// <summary>In a shared pid namespace the kernel kills nobody with the first process; the monitor does.</summary>
    [Fact]
    public void WhatItLeftRunningInTheHostsPidNamespaceEndsToo()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "sleep 1000 & sleep 1000 & echo begun; exit 4") { OwnPids = false });
        Assert.Equal(4, monitor.Exited().ExitCode);
        Assert.Equal(0, monitor.WaitForEnd());
        Assert.Equal(["begun\n"], LogReader.Read(monitor.LogPath).Select(e => e.Log));
    }

    [Fact]
    public void AnEndThatCannotBeWrittenIsStillTold()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("true") { ExitPath = "/proc/none/exit.json" });
        Assert.Equal(0, monitor.Exited().ExitCode);
        Assert.Equal(0, monitor.WaitForEnd());
    }
}
