using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

public sealed class PortCallTests(BusyboxRoot root) : IDisposable
{
    private const string One = "127.0.0.1:1001";
    private const string Two = "127.0.0.1:1002";

    private readonly PortsHost _host = new();

    /// <summary>Whatever is wrong, nothing is done and every descriptor that came is closed.</summary>
    [Theory]
    [InlineData("one too few", "1 descriptors came for 2 ports")]
    [InlineData("one too many", "2 descriptors came for 1 ports")]
    [InlineData("none for a new port", "0 descriptors came for 1 ports")]
    [InlineData("one for a port that is held", "1 descriptors came for 0 ports")]
    [InlineData("in the wrong order", "are they in the ports' order?")]
    [InlineData("twice the same", "is there twice")]
    [InlineData("a file", "is no socket")]
    [InlineData("not listening", "does not listen")]
    [InlineData("sctp passed on", "sctp can only be held")]
    [InlineData("no target", "is no literal IP address with a port")]
    [InlineData("a name", "no literal IP address")]
    public void ARefusedCallLeavesNothing(string what, string why)
    {
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("tcp", "127.0.0.1:1000"), "127.0.0.1:1000"));
        (MonitorPort[] add, FileDescriptor[] sockets) = Wrong(what);
        MonitorReply reply = monitor.Change(new MonitorPorts { Add = add, Remove = [PortsHost.Key("tcp", "127.0.0.1:1000")] }, sockets);
        if (what == "one for a port that is held")
        {
            reply = monitor.Change(new MonitorPorts { Add = [PortsHost.Port("tcp", "127.0.0.1:1000")] }, _host.Publish("tcp", One));
        }

        Assert.Equal("ports", reply.Failed?.Step);
        Assert.Contains(why, reply.Failed!.Message, StringComparison.Ordinal);
        Assert.True(_host.BecomesFree("tcp", One) && _host.BecomesFree("tcp", Two), "a descriptor is still open");
        Assert.False(_host.IsFree("tcp", "127.0.0.1:1000"));
    }

    [Fact]
    public void DescriptorsWithOtherCallsAreRefusedAndClosed()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using TestConnection connection = monitor.Connect();
        using (FileDescriptor socket = _host.Publish("tcp", One))
        {
            connection.SendFrame(new MonitorCall { Signal = new MonitorSignal { Signal = Libc.SIGKILL } }, MonitorJson.Default.MonitorCall, [socket]);
        }

        Assert.Contains("descriptors with a call that takes none", connection.ReadFrame(MonitorJson.Default.MonitorReply)!.Failed!.Message, StringComparison.Ordinal);
        Assert.True(_host.BecomesFree("tcp", One));
        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"ports\":5}")]
    [InlineData("{\"ports\":{\"add\":[{}]}}")]
    [InlineData("{\"ports\":{\"add\":[{\"protocol\":\"tcp\",\"hostAddress\":\"::\",\"hostPort\":70000}]}}")]
    [InlineData("{\"ports\":{},\"signal\":{}}")]
    public void MalformedCallsLeaveNoDescriptor(string json)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using TestConnection connection = monitor.Connect();
        using (FileDescriptor socket = _host.Publish("tcp", One))
        {
            byte[] frame = Runtime.Monitor.Control.MonitorFrame.Of(System.Text.Encoding.UTF8.GetBytes(json));
            connection.Send(frame.AsSpan(DescriptorPassing.SendAll(connection.Socket.Number, frame, [socket])));
        }

        Assert.StartsWith("the monitor refuses", connection.ReadFrame(MonitorJson.Default.MonitorReply)!.Failed!.Message, StringComparison.Ordinal);
        Assert.True(_host.BecomesFree("tcp", One));
    }

    /// <summary>A client that sends descriptors and goes before its call is complete.</summary>
    [Fact]
    public void ACallThatNeverEndsLeavesNoDescriptor()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        using (TestConnection connection = monitor.Connect())
        using (FileDescriptor socket = _host.Publish("tcp", One))
        {
            Assert.Equal(4, DescriptorPassing.SendAll(connection.Socket.Number, [20, 0, 0, 0], [socket]));
        }

        Await.Until(() => _host.IsFree("tcp", One), "the descriptor is still open");
    }

    [Theory]
    [InlineData(MonitorPorts.MostDescriptors, null)]
    [InlineData(MonitorPorts.MostDescriptors + 1, "more than 250 descriptors")]
    public void ACallHasALimit(int count, string? why)
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000") { HostNamespace = _host.Namespace });
        string[] endpoints = [.. Enumerable.Range(2000, count).Select(p => $"127.0.0.1:{p}")];
        MonitorReply reply = monitor.Change(new MonitorPorts { Add = [.. endpoints.Select(e => PortsHost.Port("tcp", e))] }, [.. endpoints.Select(e => _host.Publish("tcp", e))]);
        Assert.Equal(why is null, reply.Failed is null);
        Assert.Contains(why ?? "", reply.Failed?.Message ?? "", StringComparison.Ordinal);
        Assert.All(endpoints, e => Assert.Equal(why is not null, _host.IsFree("tcp", e)));
    }

    /// <summary>More descriptors than the process may have: the kernel keeps some back, and all that arrived are closed.</summary>
    [Fact]
    public void DescriptorsOverTheLimitAreRefused()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000") { HostNamespace = _host.Namespace, Before = "ulimit -n 100" });
        string[] endpoints = [.. Enumerable.Range(2000, 150).Select(p => $"127.0.0.1:{p}")];
        MonitorReply reply = monitor.Change(new MonitorPorts { Add = [.. endpoints.Select(e => PortsHost.Port("tcp", e))] }, [.. endpoints.Select(e => _host.Publish("tcp", e))]);
        Assert.Contains("RLIMIT_NOFILE", reply.Failed?.Message, StringComparison.Ordinal);
        Assert.All(endpoints, e => Assert.True(_host.BecomesFree("tcp", e)));
        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed);
    }

    [Fact]
    public void RemovingWhatIsNotHeldIsDone()
    {
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000"));
        Assert.Null(monitor.Change(new MonitorPorts { Remove = [PortsHost.Key("tcp", One), PortsHost.Key("udp", "[::]:1")] }).Failed);
        Assert.Null(monitor.Change(new MonitorPorts()).Failed);
    }

    /// <summary>One call exchanges a socket: what is removed is removed first.</summary>
    [Fact]
    public void APortIsRemovedAndAddedInOneCall()
    {
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("tcp", One), One));
        Assert.Null(monitor.Change(new MonitorPorts { Remove = [PortsHost.Key("tcp", One)], Add = [PortsHost.Port("tcp", Two)] }, _host.Publish("tcp", Two)).Failed);
        Assert.True(_host.BecomesFree("tcp", One));
        Assert.False(_host.IsFree("tcp", Two));
    }

    public void Dispose() => _host.Dispose();

    private (MonitorPort[] Add, FileDescriptor[] Sockets) Wrong(string what)
    {
        MonitorPort one = PortsHost.Port("tcp", One), two = PortsHost.Port("tcp", Two);
        FileDescriptor Socket(string endpoint) => _host.Publish("tcp", endpoint);
        return what switch
        {
            "one too few" => ([one, two], [Socket(One)]),
            "one too many" => ([one], [Socket(One), Socket(Two)]),
            "in the wrong order" => ([one, two], [Socket(Two), Socket(One)]),
            "twice the same" => ([one, one], [Socket(One), Socket(Two)]),
            "a file" => ([one], [FileDescriptor.Open("/dev/null", Libc.O_RDONLY)]),
            "not listening" => ([one], [NotListening()]),
            "sctp passed on" => ([one with { Protocol = "sctp", Mode = MonitorPortMode.Proxy, TargetAddress = "127.0.0.1", TargetPort = 1 }], [Socket(One)]),
            "no target" => ([one with { Mode = MonitorPortMode.Proxy }], [Socket(One)]),
            "a name" => ([one with { HostAddress = "localhost" }], [Socket(One)]),
            _ => ([one], []),
        };
    }

    private FileDescriptor NotListening() => _host.In(() =>
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(System.Net.IPEndPoint.Parse(One));
        return new FileDescriptor(Libc.fcntl((int)socket.Handle, Libc.F_DUPFD_CLOEXEC, 0));
    });
}
