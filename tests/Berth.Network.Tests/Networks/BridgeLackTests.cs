using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Network.Networks;

namespace Berth.Network.Tests.Networks;

public sealed class BridgeLackTests
{
    private const int Index = 7;

    private static readonly BridgeShape Shape = new("br-x", [(IPAddress.Parse("10.0.0.1"), 24), (IPAddress.Parse("fd00::1"), 64)], 1500, Ipv6: true, InterContainer: true);

    /// <summary>A route that went with its address, or with the link, is not told of: it comes back with those.</summary>
    [Theory]
    [InlineData(true, "10.0.0.1/24 fd00::1/64", "10.0.0.0/24 fd00::/64", "")]
    [InlineData(true, "fd00::1/64", "fd00::/64", "bridge br-x: address 10.0.0.1/24")]
    [InlineData(true, "fd00::1/64", "10.0.0.0/24 fd00::/64", "bridge br-x: address 10.0.0.1/24")] // the address went between the two looks
    [InlineData(true, "", "", "bridge br-x: address 10.0.0.1/24 and address fd00::1/64")]
    [InlineData(true, "10.0.0.1/24 fd00::1/64", "fd00::/64", "bridge br-x: route 10.0.0.0/24")]
    [InlineData(true, "10.0.0.1/24 fd00::1/64", "", "bridge br-x: route 10.0.0.0/24, bridge br-x: route fd00::/64")]
    [InlineData(true, "10.0.0.1/24", "", "bridge br-x: address fd00::1/64, bridge br-x: route 10.0.0.0/24")]
    [InlineData(false, "10.0.0.1/24", "", "bridge br-x: up and address fd00::1/64")]
    [InlineData(false, "10.0.0.1/24 fd00::1/64", "", "bridge br-x: up")]
    public void ItIsNamedByWhatWentFirst(bool up, string addresses, string routes, string named)
    {
        var link = new Link { Index = Index, Name = Shape.Name, Kind = "bridge", Master = 0, Flags = up ? (uint)Libc.IFF_UP : 0, Mtu = 1500, Address = [] };
        HashSet<(int, IPNetwork)> subnets = [(Index + 1, IPNetwork.Parse("10.0.0.0/24")), .. Split(routes).Select(r => (Index, IPNetwork.Parse(r)))];
        LinkAddress[] present =
        [
            new(Index + 1, IPAddress.Parse("10.0.0.1"), 24),
            .. Split(addresses).Select(a => new LinkAddress(Index, IPAddress.Parse(a.Split('/')[0]), int.Parse(a.Split('/')[1]))),
        ];
        BridgeLack lack = BridgeLack.Of(Shape, subnets, present, link);
        Assert.Equal(named, string.Join(", ", lack.Named()));
        Assert.Equal(named.Contains("up", StringComparison.Ordinal) || named.Contains("address", StringComparison.Ordinal), lack.OfShape);
    }

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
