using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Network.Ports;
using Berth.Storage;

namespace Berth.Network.Tests.Ports;

/// <summary>Ports taken by bound sockets, each test in a namespace of its own.</summary>
public sealed class PortReservationTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly Dictionary<PublishedPort, string> _holders = [];
    private readonly List<FileDescriptor> _sockets = [];

    public void Dispose()
    {
        _sockets.ForEach(s => s.Dispose());
        _host.Dispose();
    }

    [Theory]
    [InlineData(ProtocolType.Tcp)]
    [InlineData(ProtocolType.Udp)]
    public void APortOfEveryAddressIsTakenInBothFamilies(ProtocolType protocol)
    {
        Assert.Equal([Port("0.0.0.0", 8080, protocol), Port("::", 8080, protocol)], Take(Asked(8080, 8080, protocol)));
        foreach (IPAddress address in (IPAddress[])[IPAddress.Any, IPAddress.Loopback, IPAddress.IPv6Any, IPAddress.IPv6Loopback])
        {
            Assert.Equal(SocketError.AddressAlreadyInUse, Bind(address, 8080, protocol));
        }

        Assert.Null(Bind(IPAddress.Any, 8080, protocol == ProtocolType.Tcp ? ProtocolType.Udp : ProtocolType.Tcp));
    }

    [Fact]
    public void AnAddressOfItsOwnGoesBeforeTheNetworks()
    {
        Assert.Equal([Port("127.0.0.2", 80)], Take(Asked(80, 80) with { HostAddress = IPAddress.Parse("127.0.0.2") }, @default: "127.0.0.1"));
        Assert.Equal([Port("127.0.0.1", 80)], Take(Asked(80, 80), @default: "127.0.0.1"));
        Assert.Null(Bind(IPAddress.Parse("127.0.0.3"), 80));
    }

    [Fact]
    public void AnyPortIsOneAndTheSameForBothFamilies()
    {
        PublishedPort[] taken = [.. Take(Asked(0, 0))];
        Assert.Equal(["0.0.0.0", "::"], taken.Select(t => t.HostAddress.ToString()));
        Assert.NotEqual(0, taken[0].HostPort);
        Assert.Equal(taken[0].HostPort, taken[1].HostPort);
    }

    [Theory]
    [InlineData(Linux.Errno.EMFILE, "may have 1024 open files (RLIMIT_NOFILE): start berthd with a higher hard limit")]
    [InlineData(Linux.Errno.ENFILE, "fs.file-max")]
    public void AShortageOfDescriptorsNamesTheLimitAndTheWayOut(int errno, string said)
    {
        EngineException refusal = PortReservation.Shortage(new Linux.LinuxException("socket", "0.0.0.0:80/tcp", errno), 5000, 900, new Linux.Processes.OpenFileLimit(1024, 4096));
        Assert.Equal(EngineErrorKind.Unavailable, refusal.Kind);
        Assert.Contains("the 5000 published ports", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no more than 900", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfARangeTheFirstFreeOneIsTaken()
    {
        using Socket other = TcpProbe.Listen(_host.Namespace, IPAddress.Any, 8000);
        using Socket six = TcpProbe.Listen(_host.Namespace, IPAddress.IPv6Loopback, 8001); // one family is enough to make it taken
        Assert.Equal([Port("0.0.0.0", 8002), Port("::", 8002)], Take(Asked(8000, 8010)));
        Assert.Null(Bind(IPAddress.Any, 8001)); // what was tried first is not kept
        EngineException refused = Assert.Throws<EngineException>(() => Take(Asked(8000, 8002)));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains("8000-8002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnothersPortIsRefusedAndNothingIsKept()
    {
        using Socket other = TcpProbe.Listen(_host.Namespace, IPAddress.Loopback, 8001);
        EngineException refused = Assert.Throws<EngineException>(() => Take(Asked(8000, 8000), Asked(8001, 8001)));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains("failed to bind host port for 0.0.0.0:8001/tcp: address already in use", refused.Message, StringComparison.Ordinal);
        Assert.Null(Bind(IPAddress.Any, 8000));
        Assert.Null(Bind(IPAddress.IPv6Any, 8000));
    }

    [Fact]
    public void AContainersPortIsRefusedByItsName()
    {
        _holders[Port("0.0.0.0", 8080)] = "web";
        EngineException refused = Assert.Throws<EngineException>(() => Take(Asked(8080, 8080)));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains("0.0.0.0:8080 failed: port is already allocated: container web has it", refused.Message, StringComparison.Ordinal);
        Assert.Equal([Port("0.0.0.0", 8081), Port("::", 8081)], Take(Asked(8080, 8081)));
    }

    [Fact]
    public void AForeignAddressIsNoConflict()
    {
        EngineException refused = Assert.Throws<EngineException>(() => Take(Asked(8080, 8090) with { HostAddress = IPAddress.Parse("192.0.2.1") }));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains("192.0.2.1 is no address of this host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHostWithIpv6SwitchedOffHasNoneOfItsAddresses()
    {
        _host.RunProgram("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6");
        Assert.Equal([Port("0.0.0.0", 8080), Port("::", 8080)], Take(Asked(8080, 8080))); // "every one" can be had of none
        EngineException refused = Assert.Throws<EngineException>(() => Take(Asked(8081, 8081) with { HostAddress = IPAddress.IPv6Loopback }));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
    }

    private static PortRequest Asked(ushort first, ushort last, ProtocolType protocol = ProtocolType.Tcp) => new(protocol, 80, null, first, last);

    private static PublishedPort Port(string address, ushort port, ProtocolType protocol = ProtocolType.Tcp) => new(protocol, 80, IPAddress.Parse(address), port);

    private IEnumerable<PublishedPort> Take(params PortRequest[] requests) => Take(requests, null);

    private IEnumerable<PublishedPort> Take(PortRequest request, string @default) => Take([request], IPAddress.Parse(@default));

    private IEnumerable<PublishedPort> Take(PortRequest[] requests, IPAddress? @default)
    {
        List<(PublishedPort Port, FileDescriptor? Socket)> taken =
            NetworkNamespace.Run(_host.Namespace, () => new PortReservation(p => _holders.GetValueOrDefault(p)).Take(requests, new PublishingPlace(@default, default)));
        _sockets.AddRange(taken.Select(t => t.Socket!));
        return taken.Select(t => t.Port);
    }

    // Null: it can be had.
    private SocketError? Bind(IPAddress address, int port, ProtocolType protocol = ProtocolType.Tcp) => NetworkNamespace.Run<SocketError?>(_host.Namespace, () =>
    {
        using var socket = new Socket(address.AddressFamily, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    });
}
