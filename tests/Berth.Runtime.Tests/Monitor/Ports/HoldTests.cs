using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

public sealed class HoldTests(BusyboxRoot root) : IDisposable
{
    private readonly PortsHost _host = new();

    [Theory]
    [InlineData("tcp", "0.0.0.0:8080")]
    [InlineData("tcp", "[::]:8080")]
    [InlineData("udp", "127.0.0.1:53")]
    public void APortIsTakenAsLongAsTheContainerLives(string protocol, string endpoint)
    {
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port(protocol, endpoint), endpoint));
        Assert.False(_host.IsFree(protocol, endpoint));
        monitor.KillDaemon();
        Assert.False(_host.IsFree(protocol, endpoint));
        using (FileDescriptor process = PidFd.Open(monitor.State.Pid))
        {
            PidFd.Signal(process, Libc.SIGKILL);
        }

        Assert.Equal(0, monitor.WaitForEnd());
        Assert.True(_host.BecomesFree(protocol, endpoint));
    }

    /// <summary>Whoever reads that the container ended may start it again.</summary>
    [Fact]
    public void APortIsFreeWhenTheEndIsTold()
    {
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("tcp", "0.0.0.0:80"), "0.0.0.0:80"));
        monitor.Signal(Libc.SIGKILL);
        _ = monitor.Exited();
        Assert.True(_host.BecomesFree("tcp", "0.0.0.0:80"));
    }

    [Fact]
    public void APortOfAStartThatFailsIsFree()
    {
        using TestMonitor monitor = TestMonitor.Launch(root, _host.Setup(PortsHost.Port("tcp", "0.0.0.0:80"), "0.0.0.0:80") with { Args = ["no-such-program"] });
        Assert.NotNull(monitor.Next()?.Failed);
        Assert.Equal(1, monitor.WaitForEnd());
        Assert.True(_host.BecomesFree("tcp", "0.0.0.0:80"));
    }

    [Fact]
    public void ASocketThatIsNotThePortsFailsTheStart()
    {
        MonitorSetup setup = _host.Setup(PortsHost.Port("tcp", "0.0.0.0:81"), "0.0.0.0:80");
        using TestMonitor monitor = TestMonitor.Launch(root, setup);
        MonitorFailure? failed = monitor.Next()?.Failed;
        Assert.Equal("ports", failed?.Step);
        Assert.Contains("port 81", failed!.Message, StringComparison.Ordinal);
        Assert.Equal(1, monitor.WaitForEnd());
    }

    /// <summary>The descriptors of ports follow those of attachments.</summary>
    [Fact]
    public void APortBesideAnAttachStream()
    {
        MonitorSetup setup = _host.Setup(PortsHost.Port("tcp", "0.0.0.0:80"), "0.0.0.0:80") with { Args = ["echo", "word"], Attach = MonitorSetup.Outputs };
        using TestMonitor monitor = TestMonitor.Start(root, setup);
        Assert.Equal(("word\n", ""), monitor.Attached!.ReadFramesToEnd());
        Assert.Equal(0, monitor.Exited().ExitCode);
    }

    /// <summary>Nothing is kept of what arrives at a held UDP port.</summary>
    [Fact]
    public void AHeldUdpPortQueuesNothing()
    {
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("udp", "127.0.0.1:53"), "127.0.0.1:53"));
        using System.Net.Sockets.Socket client = _host.Udp("127.0.0.1:0");
        Assert.Equal(1000, client.SendTo(new byte[1000], System.Net.IPEndPoint.Parse("127.0.0.1:53")));
        string held = _host.In(() => File.ReadAllText("/proc/thread-self/net/udp")).Split('\n').Single(l => l.Contains("0100007F:0035", StringComparison.Ordinal));
        Assert.Contains(" 00000000:00000000 ", held, StringComparison.Ordinal); // tx_queue:rx_queue
    }

    /// <summary>A thousand ports on both families, in a monitor that was given the usual limit; what it runs gets that limit.</summary>
    [Fact]
    public void AThousandPortsOfBothFamiliesAreHeld()
    {
        const int count = 1000, first = 20000;
        var setup = new MonitorSetup("sh", "-c", "ulimit -n; ls /proc/self/fd | wc -l; exec sleep 1000") { HostNamespace = _host.Namespace, Before = "ulimit -Sn 1024", Attach = MonitorSetup.Outputs };
        using TestMonitor monitor = TestMonitor.Start(root, setup);
        Assert.Contains("1024\n", monitor.Attached!.ReadUntil("1024\n"), StringComparison.Ordinal);
        string[] endpoints = [.. Enumerable.Range(first, count).SelectMany(p => new[] { $"0.0.0.0:{p}", $"[::]:{p}" })];
        foreach (string[] part in endpoints.Chunk(MonitorPorts.MostDescriptors))
        {
            MonitorReply reply = monitor.Change(new MonitorPorts { Add = [.. part.Select(e => PortsHost.Port("tcp", e))] }, [.. part.Select(e => _host.Publish("tcp", e))]);
            Assert.Null(reply.Failed);
        }

        Assert.DoesNotContain(endpoints, e => _host.IsFree("tcp", e));
        Assert.Equal(["1024", "0 1 2 3"], ExecOutput(monitor, 1, "ulimit -n; echo `ls /proc/self/fd`"));
        Assert.Null(monitor.Change(new MonitorPorts { Remove = [.. endpoints[..100].Select(e => PortsHost.Key("tcp", e))] }).Failed);
        Assert.All(endpoints[..100], e => Assert.True(_host.BecomesFree("tcp", e)));
        Assert.DoesNotContain(endpoints[100..], e => _host.IsFree("tcp", e));
    }

    /// <summary>Neither the container's first program nor an exec has any descriptor of the host's.</summary>
    [Fact]
    public void NoDescriptorReachesTheContainer()
    {
        string[] endpoints = [.. Enumerable.Range(1000, 20).Select(p => $"0.0.0.0:{p}")];
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000")
        {
            HostNamespace = _host.Namespace,
            Ports = [.. endpoints.Select(e => PortsHost.Port("tcp", e, MonitorPortMode.Proxy, "127.0.0.1:1"))],
            Sockets = [.. endpoints.Select(e => _host.Publish("tcp", e))],
        });
        Assert.Equal(["0 1 2", "0 1 2 3"], ExecOutput(monitor, 1, "echo `ls /proc/1/fd`; echo `ls /proc/self/fd`"));
    }

    public void Dispose() => _host.Dispose();

    private static string[] ExecOutput(TestMonitor monitor, int id, string script)
    {
        var exec = new MonitorExec { Id = id.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), Process = TestMonitor.Program("sh", "-c", script), Attach = MonitorSetup.Outputs };
        (MonitorReply reply, TestConnection stream) = monitor.Call(new MonitorCall { Exec = exec });
        Assert.Null(reply.Failed);
        using (stream)
        {
            return stream.ReadFramesToEnd().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
