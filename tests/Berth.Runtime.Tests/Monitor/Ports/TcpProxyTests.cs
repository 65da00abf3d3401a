using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

public sealed class TcpProxyTests(BusyboxRoot root) : IDisposable
{
    private const string Public = "[::1]:8080";
    private const string Inside = "127.0.0.1:80";

    private readonly PortsHost _host = new();

    /// <summary>From [::1] to an IPv4-only container: a megabyte each way, each end of output passed on as such, also with the daemon dead.</summary>
    [Fact]
    public async Task BytesAndEndsGoBothWays()
    {
        using var server = new EchoServer(_host.Listen(Inside));
        using TestMonitor monitor = Start();
        monitor.KillDaemon();
        byte[] bytes = new byte[1024 * 1024];
        Random.Shared.NextBytes(bytes);
        using Socket client = _host.Connect(Public);
        Task sending = Task.Run(() =>
        {
            client.SendAll(bytes);
            client.Shutdown(SocketShutdown.Send);
        }, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, client.ReceiveToEnd());
        await sending;
    }

    [Fact]
    public void ManyAtOnceDoNotMix()
    {
        using var server = new EchoServer(_host.Listen(Inside));
        using TestMonitor monitor = Start();
        Socket[] clients = [.. Enumerable.Range(0, 200).Select(_ => _host.Connect(Public))];
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i].Say($"client {i:000}");
        }

        for (int i = clients.Length - 1; i >= 0; i--)
        {
            Assert.Equal($"client {i:000}", clients[i].Hear(10));
            clients[i].Shutdown(SocketShutdown.Send);
            Assert.Empty(clients[i].ReceiveToEnd());
            clients[i].Dispose();
        }

        // Of those that ended nothing is left: the sockets that remain are the port's, the loop's and the like.
        Await.Until(() => Directory.GetFiles($"/proc/{monitor.MonitorPid}/fd").Length < 40, "descriptors are left");
    }

    [Fact]
    public void ASlowReaderHoldsTheWriterBack()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        using Socket server = listener.Accept();
        long sent = Fill(server);
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, client.ReceiveToEnd().LongLength);
    }

    /// <summary>All that the server's kernel knows to be taken arrives, though the client reads late, or even sends more, and the server has reset the connection.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsUnderWayIsNotTakenBackByAReset(bool sendsMore)
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        Socket server = listener.Accept();
        long sent = Fill(server), got = 0;
        byte[] info = new byte[128];
        Assert.Equal(128, server.GetRawSocketOption(6, 11, info)); // IPPROTO_TCP, TCP_INFO
        long acknowledged = BitConverter.ToInt64(info, 120) - 1; // tcpi_bytes_acked of linux/tcp.h; the SYN counts
        server.Reset();
        if (sendsMore)
        {
            client.Say("more");
        }

        byte[] block = new byte[16 * 1024];
        for (int n = 1; n > 0 && got < sent; got += n)
        {
            n = client.Receive(block, SocketFlags.None, out SocketError error);
            Assert.True(error is SocketError.Success or SocketError.ConnectionReset, $"{error}");
        }

        Assert.InRange(acknowledged, 1024 * 1024, sent);
        Assert.InRange(got, acknowledged, sent);
    }

    [Fact]
    public void ARefusedConnectionIsReset()
    {
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        client.IsReset();
    }

    [Fact]
    public void AClientsResetReachesTheServer()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        Socket client = _host.Connect(Public);
        using Socket server = listener.Accept();
        client.Say("x");
        Assert.Equal("x", server.Hear(1));
        client.Reset();
        server.ReceiveTimeout = 30_000;
        server.IsReset();
    }

    /// <summary>Also one that says no more, and whose output nobody reads for its end any longer.</summary>
    [Fact]
    public void AResetAfterAHalfCloseReachesTheServer()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        Socket client = _host.Connect(Public);
        using Socket server = listener.Accept();
        server.ReceiveTimeout = 30_000;
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(server.ReceiveToEnd());
        client.Reset();
        Assert.True(Poll.Wait([new PollItem { Number = (int)server.Handle }], 30_000) > 0, "the server is not told"); // of an error, which nobody has to ask for
    }

    [Fact]
    public void AServersResetReachesTheClient()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        Socket server = listener.Accept();
        client.Say("x");
        Assert.Equal("x", server.Hear(1));
        server.Reset();
        client.IsReset();
    }

    /// <summary>A server that answers without reading all that it was sent, and closes, resets the connection; its answer arrives all the same.</summary>
    [Fact]
    public void AnAnswerBeforeAResetArrives()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        client.Say("too much");
        Socket server = listener.Accept();
        Assert.Equal("t", server.Hear(1));
        server.Say("no");
        server.Dispose();
        Assert.Equal("no", client.Hear(2));
    }

    [Fact]
    public void AnotherTargetIsForNewConnections()
    {
        using var one = new EchoServer(_host.Listen(Inside), "one");
        using var two = new EchoServer(_host.Listen("127.0.0.1:81"), "two");
        using TestMonitor monitor = Start();
        using Socket before = _host.Connect(Public);
        Assert.Equal("one", before.Hear(3));
        Assert.Null(monitor.Change(new MonitorPorts { Add = [PortsHost.Port("tcp", Public, MonitorPortMode.Proxy, "127.0.0.1:81")] }).Failed);
        using Socket after = _host.Connect(Public);
        Assert.Equal("two", after.Hear(3));
        before.Converse("still here");
    }

    [Fact]
    public void RemovalLeavesConnectionsAndFreesThePort()
    {
        using var server = new EchoServer(_host.Listen(Inside));
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        client.Converse("before");
        Assert.Null(monitor.Change(new MonitorPorts { Remove = [PortsHost.Key("tcp", Public)] }).Failed);
        Assert.True(_host.BecomesFree("tcp", Public));
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => _host.Connect(Public)).SocketErrorCode);
        client.Converse("after");
        Assert.Null(monitor.Change(new MonitorPorts { Add = [Proxied] }, _host.Publish("tcp", Public)).Failed);
        using Socket next = _host.Connect(Public);
        next.Converse("again");
        client.Converse("and on");
    }

    /// <summary>Held, then passed on, then held again.</summary>
    [Fact]
    public void AModeChangesLive()
    {
        using var server = new EchoServer(_host.Listen(Inside), "hello");
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("tcp", Public), Public));
        using Socket early = _host.Connect(Public);
        Assert.Null(monitor.Change(new MonitorPorts { Add = [Proxied] }).Failed);
        Assert.Equal("hello", early.Hear(5)); // it waited
        Assert.Null(monitor.Change(new MonitorPorts { Add = [PortsHost.Port("tcp", Public)] }).Failed);
        using Socket late = _host.Connect(Public);
        early.Converse("on");
        Assert.Equal(1, server.Accepted);
        Assert.False(_host.IsFree("tcp", Public));
    }

    [Fact]
    public void TheEndOfTheContainerIsTheEndOfItsConnections()
    {
        using var server = new EchoServer(_host.Listen(Inside));
        using TestMonitor monitor = Start();
        using Socket client = _host.Connect(Public);
        client.Converse("alive");
        monitor.Signal(Libc.SIGKILL);
        _ = monitor.Exited();
        Assert.Empty(client.ReceiveToEnd());
        Assert.True(_host.BecomesFree("tcp", Public));
    }

    /// <summary>What a program sent before it ended is in the monitor's socket when the end is seen: it is passed on.</summary>
    [Fact]
    public void TheLastWordsOfTheContainerArrive()
    {
        using Socket listener = _host.Listen(Inside);
        using TestMonitor monitor = TestMonitor.Start(root, new MonitorSetup("sleep", "1000") { HostNamespace = _host.Namespace });
        Assert.Null(monitor.Change(new MonitorPorts { Add = [Proxied] }, _host.Publish("tcp", Public)).Failed); // behind the process in the loop's order
        using Socket client = _host.Connect(Public);
        using Socket server = listener.Accept();
        client.Say("x");
        Assert.Equal("x", server.Hear(1));
        using FileDescriptor process = PidFd.Open(monitor.MonitorPid), program = PidFd.Open(monitor.State.Pid);
        PidFd.Signal(process, 19); // SIGSTOP
        server.Say("last words");
        PidFd.Signal(program, Libc.SIGKILL);
        Assert.True(Poll.Wait([new PollItem { Number = program.Number, Wanted = PollEvents.Readable }], 30_000) > 0);
        PidFd.Signal(process, 18); // SIGCONT
        Assert.Equal("last words", System.Text.Encoding.ASCII.GetString(client.ReceiveToEnd()));
        Assert.NotNull(monitor.Exited());
    }

    /// <summary>With a limit of 1,024 descriptors there are 63 connections; the next wait until one of those ends, and the monitor goes on answering.</summary>
    [Fact]
    public void FurtherClientsWaitUntilOneEnds()
    {
        const int most = 63;
        using var server = new EchoServer(_host.Listen(Inside));
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(Proxied, Public) with { Before = "ulimit -n 1024" });
        Socket[] clients = [.. Enumerable.Range(0, most + 20).Select(_ => _host.Connect(Public))];
        foreach (Socket client in clients[..most])
        {
            client.Converse("in");
        }

        Array.ForEach(clients[most..], c => c.Say("in"));
        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed);
        Assert.Equal(most, server.Accepted);
        for (int i = 0; i < 20; i++)
        {
            clients[i].Dispose();
        }

        Assert.All(clients[most..], c => Assert.Equal("in", c.Hear(2)));
        Array.ForEach(clients, c => c.Dispose());
    }

    public void Dispose() => _host.Dispose();

    private static MonitorPort Proxied => PortsHost.Port("tcp", Public, MonitorPortMode.Proxy, Inside);

    private TestMonitor Start() => TestMonitor.Start(root, _host.Setup(Proxied, Public));

    /// <summary>Sends until nothing more is taken; how much that was.</summary>
    private static long Fill(Socket socket)
    {
        byte[] block = new byte[256 * 1024];
        long sent = 0;
        socket.Blocking = false;
        for (bool full = false; !full; full = !socket.Poll(300_000, SelectMode.SelectWrite))
        {
            for (int n = 1; n > 0;)
            {
                n = socket.Send(block, SocketFlags.None, out SocketError error);
                sent += error == SocketError.Success ? n : 0;
            }

            Assert.True(sent < 256L * 1024 * 1024, "nothing holds the writer back");
        }

        return sent;
    }
}
