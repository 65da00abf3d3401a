using System.Net;
using System.Net.Sockets;

using Berth.Network.Ports;
using Berth.Storage;

namespace Berth.Network.Tests.Ports;

public sealed class PortBookTests
{
    private static PublishedPort Port(string address, ushort port = 80, ProtocolType protocol = ProtocolType.Tcp) => new(protocol, 8080, IPAddress.Parse(address), port);

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "0.0.0.0", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("::", "::1", true)]
    [InlineData("::", "0.0.0.0", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void AnAddressIsTakenByItselfAndByAllOfItsFamily(string held, string asked, bool collide)
    {
        var book = new PortBook();
        book.Add("c1", [Port(held)]);
        Assert.Equal(collide ? "c1" : null, book.HolderOf(Port(asked)));
        Assert.Null(book.HolderOf(Port(asked, 81)));
        Assert.Null(book.HolderOf(Port(asked, 80, ProtocolType.Udp)));
    }

    [Fact]
    public void WhoGivesBackGivesItsOwnOnly()
    {
        var book = new PortBook();
        book.Add("c1", [Port("127.0.0.1"), Port("127.0.0.1", 81)]);
        book.Add("c2", [Port("127.0.0.2")]);
        book.Remove("c2", [Port("127.0.0.1"), Port("127.0.0.9", 99)]);
        Assert.Equal("c1", book.HolderOf(Port("127.0.0.1")));
        book.Remove("c1", [Port("127.0.0.1")]);
        Assert.Null(book.HolderOf(Port("127.0.0.1")));
        Assert.Equal("c2", book.HolderOf(Port("0.0.0.0")));
        Assert.Equal("c1", book.HolderOf(Port("127.0.0.1", 81)));
    }

    [Theory]
    [InlineData("tcp/80/0.0.0.0/8080")]
    [InlineData("udp/53/::/5353")]
    [InlineData("sctp/9/2001:db8::1/9")]
    public void RowsAreReadBack(string text) => Assert.Equal(text, PortText.Of(PortText.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("tcp/80/0.0.0.0")]
    [InlineData("tcp/80/0.0.0.0/99999")]
    [InlineData("tcp/80/here/80")]
    public void ABrokenRowIsSaidToBe(string text) => Assert.Equal(EngineErrorKind.Internal, Assert.Throws<EngineException>(() => PortText.Parse(text)).Kind);
}
