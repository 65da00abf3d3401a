using System.Text;
using System.Text.Json;

using Berth.Linux.Interop;
using Berth.Oci.Monitor;
using Berth.Runtime.Tests.Monitor.Logs;

namespace Berth.Runtime.Tests.Monitor;

public sealed class ExecTests(BusyboxRoot root)
{
    [Fact]
    public void AnExecHasStreamsAndAnExitCode()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (MonitorReply reply, TestConnection stream) = Exec(monitor, 1, "cat; echo err >&2; exit 7");
        Assert.True(reply.Pid > 0);
        stream.Send("through");
        stream.EndInput();
        Assert.Equal(("through", "err\n"), stream.ReadFramesToEnd());

        // Whoever read the end of the stream finds the code on disk.
        ExecExit? exit = JsonSerializer.Deserialize(File.ReadAllBytes(monitor[$"exec/{Id(1)}.json"]), MonitorJson.Default.ExecExit);
        Assert.Equal((Id(1), 7), (exit!.Id, exit.ExitCode));
        Assert.Equal(exit, monitor.Next()?.ExecExited);
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
        Assert.Empty(LogReader.Read(monitor.LogPath));
    }

    [Fact]
    public void FiftyAtOnceEachGetTheirOwn()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (MonitorReply Reply, TestConnection Stream)[] execs =
            [.. Enumerable.Range(0, 50).AsParallel().AsOrdered().WithDegreeOfParallelism(50).Select(i => Exec(monitor, i, $"read x; echo {i} $x; exit {i}"))];
        Assert.All(execs, e => Assert.Null(e.Reply.Failed));
        for (int i = 0; i < 50; i++)
        {
            execs[i].Stream.Send($"word{i}\n");
        }

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(($"{i} word{i}\n", ""), execs[i].Stream.ReadFramesToEnd());
            execs[i].Stream.Dispose();
        }

        IEnumerable<ExecExit> exits = Enumerable.Range(0, 50).Select(_ => monitor.Next()!.ExecExited!).OrderBy(e => e.Id);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (Id(i), i)), exits.Select(e => (e.Id, e.ExitCode)));
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }

    [Fact]
    public void AnExecsTerminalIsItsOwn()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (_, TestConnection stream) = Exec(monitor, 2, "tty; echo ready; read x; stty size; echo \"<$x>\"; exit 4", terminal: true);
        Assert.Contains("/dev/pts/", stream.ReadUntil("ready"), StringComparison.Ordinal);
        Assert.Null(monitor.Do(new MonitorCall { Resize = new MonitorResize { Exec = Id(2), Rows = 20, Columns = 70 } }).Failed);
        stream.Send("typed\n");
        string rest = Encoding.ASCII.GetString(stream.ReadToEnd());
        Assert.Contains("20 70\r\n", rest, StringComparison.Ordinal);
        Assert.EndsWith("<typed>\r\n", rest, StringComparison.Ordinal);
        Assert.Equal(4, monitor.Next()?.ExecExited?.ExitCode);
        Assert.Equal("resize failed: it has no terminal", monitor.Do(new MonitorCall { Resize = new MonitorResize { Rows = 1, Columns = 1 } }).Failed?.Message);
    }

    [Fact]
    public void WhatAnExecLeavesRunningDoesNotHoldItsStream()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (_, TestConnection stream) = Exec(monitor, 3, "(sleep 0.3; echo late; while :; do echo on; sleep 0.1 || exit; done) & echo done");
        (string output, _) = stream.ReadFramesToEnd();
        Assert.StartsWith("done\nlate\n", output, StringComparison.Ordinal); // within the grace that Docker gives too
        (_, TestConnection ask) = Exec(monitor, 4, "kill -0 $(cat /proc/[0-9]*/stat | awk '$2 == \"(sh)\" && $4 == 1 { print $1 }') && echo alive");
        Assert.Equal("alive\n", ask.ReadFramesToEnd().Output);
    }

    [Fact]
    public void ASignalReachesTheExecAlone()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (_, TestConnection stream) = Exec(monitor, 5, "exec sleep 1000");
        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal { Exec = Id(5), Signal = Libc.SIGTERM } }).Failed);
        Assert.Empty(stream.ReadToEnd());
        Assert.Equal(143, monitor.Next()?.ExecExited?.ExitCode);
        MonitorFailure? late = monitor.Do(new MonitorCall { Signal = new MonitorSignal { Exec = Id(5), Signal = Libc.SIGTERM } }).Failed;
        Assert.Equal(Linux.Errno.ESRCH, late?.Errno);
    }

    [Fact]
    public void ADetachedExecRunsWithoutStreams()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        MonitorReply reply = monitor.Do(new MonitorCall { Exec = new MonitorExec { Id = Id(6), Process = TestMonitor.Program("sh", "-c", "yes | head -c 1000000; exit 8") } });
        Assert.Null(reply.Failed);
        Assert.Equal(8, monitor.Next()?.ExecExited?.ExitCode);
    }

    [Fact]
    public void RunningExecsEndWithTheContainer()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (_, TestConnection stream) = Exec(monitor, 7, "echo begun; exec sleep 1000");
        Assert.Equal(14, stream.ReadExactly(14).Length);
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Next()?.ExecExited?.ExitCode);
        Assert.Equal(137, monitor.Exited().ExitCode);
        Assert.Empty(stream.ReadToEnd());
    }

    [Theory]
    [InlineData(127, "missing-program")]
    [InlineData(126, "/bin/not-executable")]
    public void AnExecThatFailsSaysWhy(int code, string program)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        (MonitorReply reply, TestConnection connection) =
            monitor.Call(new MonitorCall { Exec = new MonitorExec { Id = Id(8), Process = TestMonitor.Program(program), Attach = MonitorSetup.AllStreams } });
        Assert.Equal(code, reply.Failed?.ExitCode);
        Assert.Contains(program, reply.Failed!.Message, StringComparison.Ordinal);
        Assert.Empty(connection.ReadToEnd());
        Assert.False(Directory.Exists(monitor["exec"]));
    }

    [Theory]
    [InlineData("../../../etc/x")]
    [InlineData("")]
    [InlineData("abc")]
    public void AnIdThatIsNoneIsRefused(string id)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        MonitorReply reply = monitor.Do(new MonitorCall { Exec = new MonitorExec { Id = id, Process = TestMonitor.Program("true") } });
        Assert.Contains(id.Length == 0 ? "id" : "64 hex digits", reply.Failed?.Message, StringComparison.Ordinal);
    }

    private static string Id(int n) => n.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private static (MonitorReply Reply, TestConnection Stream) Exec(TestMonitor monitor, int id, string script, bool terminal = false) =>
        monitor.Call(new MonitorCall
        {
            Exec = new MonitorExec
            {
                Id = Id(id), Process = TestMonitor.Program("sh", "-c", script) with { Terminal = terminal }, OpenStdin = true, Attach = MonitorSetup.AllStreams,
            },
        });
}
