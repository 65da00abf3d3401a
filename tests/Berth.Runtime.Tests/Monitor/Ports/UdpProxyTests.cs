using System.Net;
using System.Net.Sockets;
using System.Text;

using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

public sealed class UdpProxyTests(BusyboxRoot root) : IDisposable
{
    private const string Public = "[::1]:53";
    private const string Inside = "127.0.0.1:530";

    private readonly PortsHost _host = new();

    [Fact]
    public void ClientsDoNotMix()
    {
        using Socket server = _host.Udp(Inside);
        using TestMonitor monitor = Start(Public);
        using Socket one = _host.Udp("[::1]:0"), two = _host.Udp("[::1]:0");
        EndPoint fromOne = Ask(one, Public, server, "one"), fromTwo = Ask(two, Public, server, "two");
        Assert.NotEqual(fromOne, fromTwo);
        Answer(server, fromTwo, "second");
        Answer(server, fromOne, "first");
        Assert.Equal(("first", IPEndPoint.Parse(Public)), Hear(one));
        Assert.Equal(("second", IPEndPoint.Parse(Public)), Hear(two));
        Assert.Equal(fromOne, Ask(one, Public, server, "again")); // the same socket as long as it is used
    }

    [Theory]
    [InlineData("0.0.0.0:53", "127.0.0.7:53")]
    [InlineData("0.0.0.0:53", "10.9.8.7:53")]
    [InlineData("[::]:53", "[fd00::7]:53")]
    [InlineData("[::]:53", "[::1]:53")]
    public void TheAnswerComesFromTheAddressAsked(string published, string asked)
    {
        _host.Run("ip", "address", "add", "10.9.8.7/32", "dev", "lo");
        _host.Run("ip", "address", "add", "10.9.8.6/32", "dev", "lo");
        _host.Run("ip", "address", "add", "fd00::6/128", "dev", "lo", "nodad");
        _host.Run("ip", "address", "add", "fd00::7/128", "dev", "lo", "nodad");
        using Socket server = _host.Udp(Inside);
        using TestMonitor monitor = Start(published);
        using Socket client = _host.Udp(asked[0] == '[' ? "[::]:0" : "0.0.0.0:0");
        Answer(server, Ask(client, asked, server, "who"), "me");
        Assert.Equal(("me", IPEndPoint.Parse(asked)), Hear(client));
    }

    [Fact]
    public void EmptyAndLargeDatagramsAreWhole()
    {
        using Socket server = _host.Udp(Inside);
        using TestMonitor monitor = Start(Public);
        using Socket client = _host.Udp("[::1]:0");
        string large = new('x', 60_000);
        EndPoint from = Ask(client, Public, server, "");
        Assert.Equal(from, Ask(client, Public, server, large));
        Answer(server, from, "");
        Answer(server, from, large);
        Assert.Equal("", Hear(client).Text);
        Assert.Equal(large, Hear(client).Text);
    }

    /// <summary>A server that is not there yet is one whose answers do not come yet.</summary>
    [Fact]
    public void UnreachableTargetsAreNoFailure()
    {
        using TestMonitor monitor = Start(Public);
        using Socket client = _host.Udp("[::1]:0");
        for (int i = 0; i < 3; i++)
        {
            _ = client.SendTo("lost"u8.ToArray(), IPEndPoint.Parse(Public));
        }

        Assert.Null(monitor.Do(new MonitorCall { Signal = new MonitorSignal() }).Failed);
        using Socket server = _host.Udp(Inside);
        Answer(server, Ask(client, Public, server, "now"), "here");
        Assert.Equal("here", Hear(client).Text);
    }

    [Fact]
    public void AnotherTargetIsForAllClients()
    {
        using Socket server = _host.Udp(Inside), next = _host.Udp("127.0.0.1:531");
        using TestMonitor monitor = Start(Public);
        using Socket client = _host.Udp("[::1]:0");
        _ = Ask(client, Public, server, "first");
        Assert.Null(monitor.Change(new MonitorPorts { Add = [PortsHost.Port("udp", Public, MonitorPortMode.Proxy, "127.0.0.1:531")] }).Failed);
        Answer(next, Ask(client, Public, next, "second"), "moved");
        Assert.Equal("moved", Hear(client).Text);
    }

    /// <summary>Held, then passed on: nothing of the time before arrives. Removed, the port is free.</summary>
    [Fact]
    public void AModeChangesLive()
    {
        using Socket server = _host.Udp(Inside);
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(PortsHost.Port("udp", Public), Public));
        using Socket client = _host.Udp("[::1]:0");
        _ = client.SendTo("before"u8.ToArray(), IPEndPoint.Parse(Public));
        Assert.Null(monitor.Change(new MonitorPorts { Add = [Port(Public)] }).Failed);
        Answer(server, Ask(client, Public, server, "after"), "yes");
        Assert.Equal("yes", Hear(client).Text);
        Assert.Null(monitor.Change(new MonitorPorts { Remove = [PortsHost.Key("udp", Public)] }).Failed);
        Assert.True(_host.BecomesFree("udp", Public));
    }

    /// <summary>With a limit of 1,024 descriptors there are 127 clients at once; the one silent for longest makes room, and is served anew.</summary>
    [Fact]
    public void TheOldestMakesRoom()
    {
        using Socket server = _host.Udp(Inside);
        using TestMonitor monitor = TestMonitor.Start(root, _host.Setup(Port(Public), Public) with { Before = "ulimit -n 1024" });
        Socket[] clients = [.. Enumerable.Range(0, 200).Select(_ => _host.Udp("[::1]:0"))];
        EndPoint[] from = [.. clients.Select(c => Ask(c, Public, server, "in"))];
        int descriptors = Directory.GetFiles($"/proc/{monitor.MonitorPid}/fd").Length;
        Assert.InRange(descriptors, 127, 170);
        Assert.Equal(from[^1], Ask(clients[^1], Public, server, "in"));
        EndPoint anew = Ask(clients[0], Public, server, "in");
        Answer(server, anew, "served");
        Assert.Equal("served", Hear(clients[0]).Text);
        Array.ForEach(clients, c => c.Dispose());
    }

    public void Dispose() => _host.Dispose();

    private static MonitorPort Port(string published) => PortsHost.Port("udp", published, MonitorPortMode.Proxy, Inside);

    private TestMonitor Start(string published) => TestMonitor.Start(root, _host.Setup(Port(published), published));

    /// <summary>Sends to the port, and takes it at the server: from where it came there.</summary>
    private static EndPoint Ask(Socket client, string to, Socket server, string text)
    {
        _ = client.SendTo(Encoding.ASCII.GetBytes(text), IPEndPoint.Parse(to));
        (string got, IPEndPoint from) = Hear(server);
        Assert.Equal(text, got);
        return from;
    }

    private static void Answer(Socket server, EndPoint client, string text) => server.SendTo(Encoding.ASCII.GetBytes(text), client);

    private static (string Text, IPEndPoint From) Hear(Socket socket)
    {
        byte[] buffer = new byte[65536];
        EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        int n = socket.ReceiveFrom(buffer, ref from);
        return (Encoding.ASCII.GetString(buffer, 0, n), (IPEndPoint)from);
    }
}
