using System.Net;
using System.Net.Sockets;

using Berth.Engine.Networks.Checks;
using Berth.Network;

using CsCheck;

namespace Berth.Engine.Tests.Networks;

public sealed class ListeningSocketsTests
{
    private const string Tcp =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1 0 100 0 0 10 0
           1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1 0 100 0 0 10 0
           2: 020012AC:0050 030012AC:C001 01 00000000:00000000 00:00000000 00000000     0        0 43 1 0 100 0 0 10 0
        """;

    private const string Udp6 =
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
          12: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 44 2 0 0
          13: 0000000000000000FFFF0000020012AC:0036 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 45 2 0 0
          14: B80D0120000000000000000001000000:0037 00000000000000000000000000000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 46 2 0 0
        """;

    private const string Eps =
        """
         ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS
        ffff8880 ffff8881 2   10  29   9899      0 47 0.0.0.0
        ffff8882 ffff8883 0   7   30   9900      0 48 127.0.0.1
        """;

    [Fact]
    public void OnlyWhatListensIsFound() => Assert.Equal(
        [new ListeningSocket(ProtocolType.Tcp, IPAddress.Loopback, 8080), new ListeningSocket(ProtocolType.Tcp, IPAddress.Any, 80)],
        ListeningSockets.Inet(Tcp.Split('\n'), ProtocolType.Tcp));

    [Fact]
    public void BothFamiliesAreRead() => Assert.Equal(
        [new ListeningSocket(ProtocolType.Udp, IPAddress.IPv6Any, 53), new ListeningSocket(ProtocolType.Udp, IPAddress.Parse("172.18.0.2"), 54)],
        ListeningSockets.Inet(Udp6.Split('\n'), ProtocolType.Udp));

    [Fact]
    public void SctpHasAFormOfItsOwn() => Assert.Equal(
        [new ListeningSocket(PublishedPort.Sctp, IPAddress.Any, 9899)], ListeningSockets.Sctp(Eps.Split('\n')));

    [Fact]
    public void TheKernelsOwnTextIsUnderstood()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.5"), 0));
        listener.Listen();
        using var bound = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        bound.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        IReadOnlyList<ListeningSocket> found = ListeningSockets.Of(Environment.ProcessId);
        Assert.Contains(new ListeningSocket(ProtocolType.Tcp, IPAddress.Parse("127.0.0.5"), (ushort)((IPEndPoint)listener.LocalEndPoint!).Port), found);
        Assert.Contains(new ListeningSocket(ProtocolType.Udp, IPAddress.IPv6Loopback, (ushort)((IPEndPoint)bound.LocalEndPoint!).Port), found);
    }

    [Fact]
    public void NoTextBreaksIt() => Gen.String[Gen.Char["0123456789ABCDEF: \n"], 0, 120].Sample(text =>
        ListeningSockets.Inet(text.Split('\n'), ProtocolType.Tcp).Count() + ListeningSockets.Sctp(text.Split('\n')).Count() >= 0);
}
