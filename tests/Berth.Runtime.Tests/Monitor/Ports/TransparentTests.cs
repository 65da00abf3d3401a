using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Tests.Monitor.Ports;

/// <summary>
/// A client's namespace, the host's, the container's, on two wires. The rules bring back what a server answers to a client's address:
/// socket transparent, a mark, a table that delivers what is marked here (Documentation/networking/tproxy.rst of the kernel).
/// </summary>
public sealed class TransparentTests : IDisposable
{
    private const string Rules = """
        table inet transparent {
            chain prerouting {
                type filter hook prerouting priority mangle; policy accept;
                socket transparent 1 meta mark set 0x1
            }
        }
        """;

    private readonly BusyboxRoot _root;
    private readonly PortsHost _host = new();
    private readonly FileDescriptor _client = NetworkNamespace.Create();
    private readonly FileDescriptor _container = NetworkNamespace.Create();

    public TransparentTests(BusyboxRoot root)
    {
        _root = root;
        Wire("outside", _client, "198.51.100", "fd51");
        Wire("inside", _container, "172.30.0", "fd30");
        string file = Path.GetTempFileName();
        File.WriteAllText(file, Rules);
        _host.Run("nft", "-f", file);
        File.Delete(file);
        foreach (string family in new[] { "-4", "-6" })
        {
            _host.Run("ip", family, "rule", "add", "fwmark", "1", "lookup", "100");
            _host.Run("ip", family, "route", "add", "local", "default", "dev", "lo", "table", "100");
        }
    }

    [Theory]
    [InlineData("0.0.0.0:80", "198.51.100.1:80", "172.30.0.2:8000", "198.51.100.2")]
    [InlineData("[::]:80", "[fd51::1]:80", "[fd30::2]:8000", "fd51::2")]
    [InlineData("[::]:80", "[fd51::1]:80", "172.30.0.2:8000", "172.30.0.1")] // the other family's cannot be kept
    public void AServerSeesTheClient(string published, string asked, string target, string seen)
    {
        using var server = new EchoServer(NetworkNamespace.Run(_container, () => Listen(target)));
        using TestMonitor monitor = Start("tcp", published, target);
        using Socket client = NetworkNamespace.Run(_client, () => Connect(asked));
        client.Converse("through");
        Assert.True(server.Clients.TryDequeue(out IPEndPoint? from));
        Assert.Equal(seen, from.Address.ToString());
        Assert.Equal(seen == ((IPEndPoint)client.LocalEndPoint!).Address.ToString(), from.Port == ((IPEndPoint)client.LocalEndPoint).Port);
    }

    [Fact]
    public void ALoopbackClientIsSeenAsTheHost()
    {
        using var server = new EchoServer(NetworkNamespace.Run(_container, () => Listen("172.30.0.2:8000")));
        using TestMonitor monitor = Start("tcp", "0.0.0.0:80", "172.30.0.2:8000");
        using Socket client = _host.Connect("127.0.0.1:80");
        client.Converse("through");
        Assert.True(server.Clients.TryDequeue(out IPEndPoint? from));
        Assert.Equal("172.30.0.1", from.Address.ToString());
    }

    /// <summary>The container by way of its own published port: to its own address it would answer to itself.</summary>
    [Fact]
    public void TheContainersNetworkIsSeenAsTheHost()
    {
        using var server = new EchoServer(NetworkNamespace.Run(_container, () => Listen("172.30.0.2:8000")));
        MonitorPort port = PortsHost.Port("tcp", "0.0.0.0:80", MonitorPortMode.Transparent, "172.30.0.2:8000") with { TargetPrefixLength = 24 };
        using TestMonitor monitor = TestMonitor.Start(_root, _host.Setup(port, "0.0.0.0:80"));
        using Socket client = NetworkNamespace.Run(_container, () => Connect("172.30.0.1:80"));
        client.Converse("round");
        Assert.True(server.Clients.TryDequeue(out IPEndPoint? from));
        Assert.Equal("172.30.0.1", from.Address.ToString());
    }

    /// <summary>Two ports to one server: the client's address and port are taken by the first connection.</summary>
    [Fact]
    public void AClientsPortThatIsTakenIsReplaced()
    {
        using var server = new EchoServer(NetworkNamespace.Run(_container, () => Listen("172.30.0.2:8000")));
        using TestMonitor monitor = Start("tcp", "0.0.0.0:80", "172.30.0.2:8000");
        MonitorPort second = PortsHost.Port("tcp", "0.0.0.0:81", MonitorPortMode.Transparent, "172.30.0.2:8000");
        Assert.Null(monitor.Change(new MonitorPorts { Add = [second] }, _host.Publish("tcp", "0.0.0.0:81")).Failed);
        using Socket one = NetworkNamespace.Run(_client, () => Connect("198.51.100.1:80", 5000));
        one.Converse("one");
        using Socket two = NetworkNamespace.Run(_client, () => Connect("198.51.100.1:81", 5000));
        two.Converse("two");
        one.Converse("one");
        Assert.Equal(["198.51.100.2", "198.51.100.2"], server.Clients.Select(c => c.Address.ToString()));
        Assert.Equal(5000, server.Clients.First().Port);
        Assert.NotEqual(5000, server.Clients.Last().Port);
    }

    /// <summary>With its own port where no program of the host may want it for itself; else with another, and the port is free for whoever binds it.</summary>
    [Theory]
    [InlineData(40_353, true)]
    [InlineData(5353, false)]
    public void AUdpServerSeesTheClient(int port, bool kept)
    {
        using Socket server = NetworkNamespace.Run(_container, () => Bound("172.30.0.2:530"));
        using TestMonitor monitor = Start("udp", "0.0.0.0:53", "172.30.0.2:530");
        using Socket client = NetworkNamespace.Run(_client, () => Bound($"198.51.100.2:{port}"));
        IPEndPoint seen = Ask(client, server);
        Assert.Equal("198.51.100.2", seen.Address.ToString());
        Assert.Equal(kept, seen.Port == port);
        Assert.Equal(!kept, _host.IsFree("udp", $"0.0.0.0:{port}"));
        Assert.Equal(seen, Ask(client, server)); // as long as it is used
    }

    /// <summary>Clients behind one address whose ports are not kept: each has its own towards the server.</summary>
    [Fact]
    public void UdpClientsOfOneAddressDoNotMix()
    {
        _host.Run("sh", "-c", "echo 40000 40127 > /proc/sys/net/ipv4/ip_local_port_range");
        using Socket server = NetworkNamespace.Run(_container, () => Bound("172.30.0.2:530"));
        using TestMonitor monitor = Start("udp", "0.0.0.0:53", "172.30.0.2:530");
        Socket[] clients = [.. Enumerable.Range(1000, 60).Select(p => NetworkNamespace.Run(_client, () => Bound($"198.51.100.2:{p}")))];
        Assert.Equal(clients.Length, clients.Select(c => Ask(c, server)).Distinct().Count());
        Array.ForEach(clients, c => c.Dispose());
    }

    /// <returns>Whom the server saw.</returns>
    private static IPEndPoint Ask(Socket client, Socket server)
    {
        _ = client.SendTo("who"u8.ToArray(), IPEndPoint.Parse("198.51.100.1:53"));
        byte[] buffer = new byte[16];
        EndPoint seen = new IPEndPoint(IPAddress.Any, 0), from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(3, server.ReceiveFrom(buffer, ref seen));
        _ = server.SendTo("you"u8.ToArray(), seen);
        Assert.Equal(3, client.ReceiveFrom(buffer, ref from));
        Assert.Equal("198.51.100.1:53", from.ToString());
        return (IPEndPoint)seen;
    }

    public void Dispose()
    {
        _host.Dispose();
        _client.Dispose();
        _container.Dispose();
    }

    private TestMonitor Start(string protocol, string published, string target) =>
        TestMonitor.Start(_root, _host.Setup(PortsHost.Port(protocol, published, MonitorPortMode.Transparent, target), published));

    private void Wire(string name, FileDescriptor other, string four, string six)
    {
        string path = $"/proc/{Environment.ProcessId}/fd/{other.Number}";
        _host.Run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", path);
        _host.Run("ip", "address", "add", $"{four}.1/24", "dev", name);
        _host.Run("ip", "address", "add", $"{six}::1/64", "dev", name, "nodad");
        _host.Run("ip", "link", "set", name, "up");
        PortsHost.RunIn(other, "ip", "address", "add", $"{four}.2/24", "dev", "eth0");
        PortsHost.RunIn(other, "ip", "address", "add", $"{six}::2/64", "dev", "eth0", "nodad");
        PortsHost.RunIn(other, "ip", "link", "set", "eth0", "up");
        PortsHost.RunIn(other, "ip", "link", "set", "lo", "up");
        PortsHost.RunIn(other, "ip", "route", "add", "default", "via", $"{four}.1");
        PortsHost.RunIn(other, "ip", "-6", "route", "add", "default", "via", $"{six}::1");
    }

    private static Socket Listen(string endpoint)
    {
        var socket = new Socket(IPEndPoint.Parse(endpoint).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(IPEndPoint.Parse(endpoint));
        socket.Listen();
        return socket;
    }

    private static Socket Bound(string endpoint)
    {
        var socket = new Socket(IPEndPoint.Parse(endpoint).AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(IPEndPoint.Parse(endpoint));
        return socket;
    }

    private static Socket Connect(string endpoint, int from = 0)
    {
        var to = IPEndPoint.Parse(endpoint);
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        if (from != 0)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, from));
        }

        socket.Connect(to);
        return socket;
    }
}
