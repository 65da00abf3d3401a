using System.Text;

using Berth.Linux.Interop;
using Berth.Linux.Polling;
using Berth.Oci.Monitor;
using Berth.Runtime.Tests.Monitor.Logs;

namespace Berth.Runtime.Tests.Monitor;

public sealed class AttachTests(BusyboxRoot root)
{
    private static long BytesThroughAttach => Environment.GetEnvironmentVariable("BERTH_TEST_FULL") is null ? 64L << 20 : 1L << 30;

    /// <summary>The reader reads nothing until the container stands still, then piece by piece: every byte comes, in order, once.</summary>
    [Fact]
    public void ASlowReaderHoldsTheContainerBackAndLosesNothing()
    {
        // Lines of 16 bytes that count, so that any byte's place can be checked.
        long lines = BytesThroughAttach / 16;
        using TestMonitor monitor = TestMonitor.Start(
            root, new MonitorSetup("awk", $"BEGIN {{ for (i = 0; i < {lines}; i++) printf \"%015d\\n\", i }}") { Attach = new MonitorAttachment { Stdout = true }, Log = false });
        Await.Until(() => File.ReadAllText($"/proc/{monitor.State.Pid}/wchan").Contains("pipe_write", StringComparison.Ordinal), "the container is not held back");

        long at = 0;
        byte[] frame = new byte[1 << 20];
        var expected = new CountingLines();
        while (at < lines * 16)
        {
            byte[] header = monitor.Attached!.ReadExactly(8);
            Assert.Equal(1, header[0]);
            int left = (header[4] << 24) | (header[5] << 16) | (header[6] << 8) | header[7];
            while (left > 0)
            {
                int n = monitor.Attached.Read(frame.AsSpan(0, Math.Min(left, at < 8 << 20 ? (int)(at % 7919) + 1000 : frame.Length)));
                Assert.True(n > 0);
                Assert.True(expected.Matches(frame.AsSpan(0, n), at), $"wrong bytes at {at}");
                at += n;
                left -= n;
            }
        }

        Assert.Equal(0, monitor.Attached!.Read(frame));
        Assert.Equal(0, monitor.Exited().ExitCode);
    }

    /// <summary>The end is told while a reader is behind; what it has not read yet it still gets.</summary>
    [Fact]
    public void WhatWasNotReadAtTheEndIsStillDelivered()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "seq 1 40000; exit 9") { Attach = new MonitorAttachment { Stdout = true } });
        Assert.Equal(9, monitor.Exited().ExitCode);
        Assert.Equal(40000, LogReader.Read(monitor.LogPath).Count);
        Assert.Equal(string.Concat(Enumerable.Range(1, 40000).Select(i => $"{i}\n")), monitor.Attached!.ReadFramesToEnd().Output);
        Assert.Equal(0, monitor.WaitForEnd());
    }

    [Fact]
    public async Task SeveralReadersGetAllOfItAndOneThatGoesHarmsNobody()
    {
        using TestMonitor monitor = TestMonitor.Start(
            root, new MonitorSetup("sh", "-c", "read x; echo a; echo b >&2; read x; seq 1 100000; echo end >&2") { OpenStdin = true, Attach = MonitorSetup.AllStreams });
        using TestConnection second = monitor.Attach(new MonitorAttachment { Stdout = true });
        TestConnection leaves = monitor.Attach(MonitorSetup.Outputs);
        monitor.Attached!.Send("go\n");
        Assert.Equal("a\n", Encoding.ASCII.GetString(second.ReadExactly(10), 8, 2));
        leaves.Dispose();
        monitor.Attached.Send("on\n");
        string numbers = string.Concat(Enumerable.Range(1, 100000).Select(i => $"{i}\n"));
        Task<(string Output, string Error)> rest = Task.Run(second.ReadFramesToEnd);
        Assert.Equal(("a\n" + numbers, "b\nend\n"), monitor.Attached.ReadFramesToEnd());
        Assert.Equal((numbers, ""), await rest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheEndOfStdinEndsTheContainersIfItIsToBeSo(bool once)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("cat") { OpenStdin = true, StdinOnce = once, Attach = MonitorSetup.AllStreams });
        monitor.Attached!.Send("first ");
        monitor.Attached.EndInput();
        if (!once)
        {
            using TestConnection second = monitor.Attach(new MonitorAttachment { Stdin = true });
            second.Send("second");
            monitor.Attached.ReadUntil("second");
            monitor.Signal(Libc.SIGKILL);
        }

        Assert.Equal(once ? 0 : 137, monitor.Exited().ExitCode);
    }

    [Fact]
    public void AClientThatClosesAltogetherHasItsInputReadFirst()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "sleep 1; wc -c") { OpenStdin = true, StdinOnce = true, Attach = MonitorSetup.AllStreams });
        monitor.Attached!.Send(new byte[150_000]);
        monitor.Attached.Dispose();
        Assert.Equal(0, monitor.Exited().ExitCode);
        Assert.Equal("150000\n", Assert.Single(LogReader.Read(monitor.LogPath)).Log);
    }

    [Fact]
    public void AContainerThatDoesNotReadHoldsTheClientBackAndNobodyElse()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000") { OpenStdin = true, Attach = MonitorSetup.AllStreams });
        NonBlocking.Set(monitor.Attached!.Socket);
        byte[] bytes = new byte[65536];
        long sent = 0;
        Await.Until(
            () =>
            {
                int n = NonBlocking.Write(monitor.Attached.Socket, bytes);
                sent += Math.Max(n, 0);
                return n < 0 && monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed is null && NonBlocking.Write(monitor.Attached.Socket, bytes) < 0;
            },
            "the client is not held back");
        Assert.InRange(sent, 1, 2_000_000);
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
        Assert.Equal(0, monitor.Attached.Read(bytes));
    }

    [Fact]
    public void ATerminalIsRawAndItsSizeCanBeSet()
    {
        using TestMonitor monitor = TestMonitor.Start(
            root, new MonitorSetup("sh", "-c", "tty; echo ready; while read x; do stty size; echo \"<$x>\"; done; exit 5")
            {
                Terminal = true, OpenStdin = true, Attach = MonitorSetup.AllStreams,
            });
        Assert.Contains("/dev/pts/0\r\nready\r\n", monitor.Attached!.ReadUntil("ready"), StringComparison.Ordinal);
        Assert.Null(monitor.Do(new MonitorCall { Resize = new MonitorResize { Rows = 33, Columns = 101 } }).Failed);
        monitor.Attached.Send("line\n");
        Assert.Contains("33 101\r\n", monitor.Attached.ReadUntil("<line>"), StringComparison.Ordinal);
        monitor.Attached.EndInput(); // nothing to a terminal
        using TestConnection second = monitor.Attach(MonitorSetup.AllStreams);
        second.Send("more\n\u0004");
        Assert.Contains("<more>", second.ReadUntil("<more>"), StringComparison.Ordinal);
        Assert.Equal(5, monitor.Exited().ExitCode);
        Assert.Contains("<more>", monitor.Attached.ReadUntil("<more>"), StringComparison.Ordinal);
        Assert.Contains("33 101\r\n", LogReader.Read(monitor.LogPath).Select(e => e.Log));
    }

    [Fact]
    public void OutputGoesOnThoughTheFirstProcessClosedItsTerminal()
    {
        using TestMonitor monitor = TestMonitor.Start(
            root, new MonitorSetup("sh", "-c", "exec <&- >&- 2>&-; sleep 0.2; echo again > /dev/console; exit 3") { Terminal = true, Attach = MonitorSetup.Outputs });
        Assert.Equal(3, monitor.Exited().ExitCode);
        Assert.Equal("again\r\n", Encoding.ASCII.GetString(monitor.Attached!.ReadToEnd()));
    }

    [Fact]
    public void TheStreamEndsWhenAllOutputsAreClosedThoughTheContainerRunsOn()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sh", "-c", "echo bye; exec sleep 1000 >&- 2>&-") { Attach = MonitorSetup.Outputs });
        Assert.Equal(("bye\n", ""), monitor.Attached!.ReadFramesToEnd());
        using TestConnection late = monitor.Attach(MonitorSetup.Outputs);
        Assert.Empty(late.ReadToEnd());
        monitor.Signal(Libc.SIGKILL);
        Assert.Equal(137, monitor.Exited().ExitCode);
    }
}
