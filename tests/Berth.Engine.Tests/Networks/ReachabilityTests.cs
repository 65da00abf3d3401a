using System.Net;
using System.Net.Sockets;

using Berth.Engine.Networks.Checks;
using Berth.Linux.NfTables;
using Berth.Network;

namespace Berth.Engine.Tests.Networks;

/// <summary>"web" wants to reach "db" on 5432/tcp; each test spoils one thing of a picture where it does.</summary>
public sealed class ReachabilityTests
{
    private const string Shared = "they share a network", Talk = "the network lets them talk", Listens = "something listens on 5432/tcp", Names = "names";

    private static readonly CheckedPlace WebOnApp = new()
    {
        Network = "app", Address = IPAddress.Parse("172.18.0.2"), HostAddress = IPAddress.Parse("172.18.0.1"), Names = ["web"], HostInterface = "veth1", Bridge = "br-app",
    };

    private static readonly CheckedPlace DbOnApp = WebOnApp with { Address = IPAddress.Parse("172.18.0.3"), Names = ["db", "postgres", "0123456789ab"], HostInterface = "veth2" };
    private static readonly CheckedContainer Web = new() { Name = "web", Stack = "web", Places = [WebOnApp] };
    private static readonly CheckedContainer Db = new() { Name = "db", Stack = "db", Places = [DbOnApp] };

    private static readonly ReachabilityFacts Good = new()
    {
        From = Web, To = Db, Port = new CheckedPort(5432, ProtocolType.Tcp), Listening = [Socket("0.0.0.0", 5432)], FirewallTable = "berth-berth0",
    };

    [Fact]
    public void AllIsWell()
    {
        ReachabilityReport report = Reachability.Of(Good);
        Assert.True(report.Reachable);
        Assert.Equal("", report.Advice);
        Assert.All(report.Steps, s => Assert.True(s.Passed));
        Assert.Equal(
            ["both run", Shared, Talk, "the bridge is up", "web is attached to it", "db is attached to it", "the firewall is in place", Names, Listens],
            report.Steps.Select(s => s.Check));
        Assert.Equal("web finds db as db, db.app, postgres, 0123456789ab", Step(report, Names).Detail);
        Assert.Equal("db listens on 0.0.0.0:5432", Step(report, Listens).Detail);
    }

    [Fact]
    public void WithoutAPortNobodyHasToListen()
    {
        ReachabilityReport report = Reachability.Of(Good with { Port = null, Listening = [] });
        Assert.True(report.Reachable);
        Assert.DoesNotContain(report.Steps, s => s.Check.StartsWith("something listens", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exited", "berth start db")]
    [InlineData("created", "berth start db")]
    [InlineData("paused", "berth unpause db")]
    public void WhatDoesNotRunIsNotReached(string state, string advice)
    {
        ReachabilityReport report = Fails(Good with { To = Db with { State = state } }, "both run", $"db is {state}", advice);
        Assert.Single(report.Steps);
    }

    [Fact]
    public void BothMayBeIdle() => Fails(
        Good with { From = Web with { State = "exited" }, To = Db with { State = "paused" } }, "both run", "web is exited, db is paused", "berth start web; berth unpause db");

    [Fact]
    public void AddressesThatWereTakenAwayAreNamed()
    {
        const string Has = "db has its addresses", Advice = "berth network disconnect app db; berth network connect app db";
        CheckedPlace both = DbOnApp with { Ipv6Address = IPAddress.Parse("fd00::3") };
        Fails(Good with { To = Db with { Places = [both with { Lost = [both.Address!, both.Ipv6Address!] }] } }, Has, "172.18.0.3 and fd00::3 is gone from eth0: somebody took it away inside db", Advice);
        Fails(Good with { To = Db with { Places = [both with { Lost = [both.Address!] }] } }, Has, "172.18.0.3 is gone from eth0: somebody took it away inside db", Advice);
        ReachabilityReport six = Reachability.Of(Good with { To = Db with { Places = [both with { Lost = [both.Ipv6Address!] }] } });
        Assert.True(six.Reachable);
        Assert.Equal(Advice, six.Advice);
    }

    /// <summary>Within a bridge nothing passes through the host, unless br_netfilter or a network that keeps its containers apart has it so.</summary>
    [Fact]
    public void OthersChainsThatDropAreNamed()
    {
        const string Passes = "the host's other rules let it through", Detail = "the chain forward of the table inet site drops by its policy what passes within br-app";
        var foreign = new ForeignForwarding([new NfChainInfo("site", "forward", DropsByDefault: true) { Family = NfFamily.Inet, Hook = NfHook.Forward }], [], FiltersBridges: false);
        Assert.True(Reachability.Of(Good with { Foreign = foreign }).Reachable);
        Fails(
            Good with { Foreign = foreign with { FiltersBridges = true } }, Passes, Detail,
            "let the chain forward of the table inet site accept packets whose iifname is br-app, in front of what drops them");
        ReachabilityFacts apart = Good with
        {
            Foreign = foreign, LinkAliases = ["base"],
            From = Web with { Places = [WebOnApp with { InterContainer = false }] }, To = Db with { Places = [DbOnApp with { InterContainer = false }], Exposed = [Good.Port!.Value] },
        };
        Assert.True(Reachability.Of(apart with { Foreign = ForeignForwarding.None }).Reachable);
        Assert.False(Reachability.Of(apart).Reachable);

        // By a published port of the host from another network it passes from bridge to bridge.
        ReachabilityReport around = Reachability.Of(Good with
        {
            Foreign = foreign, From = Web with { Places = [WebOnApp with { Network = "front", Bridge = "br-front" }] },
            To = Db with { Published = [new PublishedPort(ProtocolType.Tcp, 5432, IPAddress.Any, 15432)] },
        });
        Assert.Equal("the chain forward of the table inet site drops by its policy what passes from br-front to br-app", Step(around, Passes).Detail);
    }

    [Fact]
    public void NetworksApartAreNamed()
    {
        ReachabilityFacts facts = Good with { From = Web with { Places = [WebOnApp with { Network = "front" }, WebOnApp with { Network = "inside", Internal = true }] } };
        Fails(facts, Shared, "web is on front and inside (internal); db is on app", "berth network connect app web");
    }

    [Fact]
    public void APublishedPortIsAWayAround()
    {
        ReachabilityFacts facts = Good with { From = Web with { Places = [WebOnApp with { Network = "front" }] }, To = Db with { Published = [Port("0.0.0.0", 15432), Port("127.0.0.1", 9)] } };
        ReachabilityReport report = Fails(
            facts, Shared, "web is on front; db is on app", "berth network connect app web; or use 172.18.0.1:15432 (5432/tcp)");
        Assert.Equal("web reaches db through the host at 172.18.0.1:15432 (5432/tcp)", Step(report, "a published port leads there").Detail);
    }

    /// <summary>The gateway modes "routed" and "nat-unprotected" let other networks in at the container's own address.</summary>
    [Theory]
    [InlineData(false, "172.18.0.3:5432 (5432/tcp)")]
    [InlineData(true, "172.18.0.3:5432 (5432/tcp)")]
    public void ItsOwnAddressMayBeAWay(bool unprotected, string way)
    {
        PublishedPort[] opened = unprotected ? [] : [Port("0.0.0.0", 0)];
        CheckedPlace place = DbOnApp with { Address = IPAddress.Parse("172.18.0.3"), Unprotected = unprotected, Opened = opened };
        ReachabilityFacts facts = Good with { From = Web with { Places = [WebOnApp with { Network = "front" }] }, To = Db with { Published = opened, Places = [place] } };
        ReachabilityReport report = Reachability.Of(facts);
        Assert.True(report.Reachable);
        Assert.Equal($"web reaches db at {way}", Step(report, "its network lets others in").Detail);
        Assert.False(Reachability.Of(facts with { From = Web with { Places = [WebOnApp with { Network = "front", Internal = true }] } }).Reachable);
        Assert.False(Reachability.Of(facts with { Listening = [] }).Reachable);
    }

    [Theory]
    [InlineData(true, false, "0.0.0.0", "is on internal networks only, which do not lead to the host's ports")]
    [InlineData(false, true, "0.0.0.0", "is on networks whose allow lists do not lead to the host's ports")]
    [InlineData(false, false, "127.0.0.1", "cannot use an address of the host's loopback or of IPv6")]
    public void NotEveryPublishedPortIs(bool isInternal, bool limited, string address, string reason)
    {
        CheckedPlace place = WebOnApp with { Network = "front", Internal = isInternal, EgressLimited = limited };
        ReachabilityReport report = Reachability.Of(Good with { From = Web with { Places = [place] }, To = Db with { Published = [Port(address, 15432)] } });
        ReachabilityStep step = Step(report, "a published port leads there");
        Assert.False(step.Passed);
        Assert.Equal($"db has {address}:15432/tcp, but web {reason}", step.Detail);
        Assert.Equal("berth network connect app web", report.Advice);
    }

    [Fact]
    public void OtherPortsPublishedAreNoWay() => Assert.DoesNotContain(
        Reachability.Of(Good with { From = Web with { Places = [] }, To = Db with { Published = [Port("0.0.0.0", 80, 80)] } }).Steps, s => s.Check == "a published port leads there");

    [Fact]
    public void WithoutAnyNetworkOneHasToBeLeftFirst() => Fails(
        Good with { From = Web with { Places = [] } }, Shared, "web is on no network; db is on app", "berth network disconnect none web; berth network connect app web");

    [Fact]
    public void WhereNobodyHasANetworkOfItsOwnOneIsMade() => Fails(
        Good with { From = Web with { Places = [] }, To = Db with { Places = [DbOnApp with { Network = "bridge", ResolvesNames = false }] } },
        Shared,
        "web is on no network; db is on bridge",
        "berth network disconnect none web; berth network create shared; berth network connect shared web; berth network connect shared db");

    [Fact]
    public void ANetworkMayKeepItsContainersApart() => Fails(
        Apart(), Talk, "app keeps its containers apart (com.docker.network.bridge.enable_icc=false), and web is not linked to db",
        "put both on a network without that option: berth network create shared; berth network connect shared web; berth network connect shared db");

    [Fact]
    public void ALinkOpensWhatItsTargetExposes()
    {
        ReachabilityFacts linked = Apart() with { LinkAliases = ["database"] };
        linked = linked with { To = linked.To with { Exposed = [new CheckedPort(5432, ProtocolType.Tcp)] } };
        Assert.True(Reachability.Of(linked).Reachable);
        Assert.Contains("web finds db as database", Step(Reachability.Of(linked), Names).Detail, StringComparison.Ordinal);
        Fails(
            linked with { Port = new CheckedPort(80, ProtocolType.Tcp) }, Talk, "app keeps its containers apart; web's link to db opens what db exposes: 5432/tcp", "make db anew with --expose 80/tcp");
    }

    [Fact]
    public void AnAllowListDoesNotKeepNeighboursApart()
    {
        ReachabilityReport report = Reachability.Of(Good with { From = Web with { Places = [WebOnApp with { EgressLimited = true }] } });
        Assert.True(report.Reachable);
        Assert.True(Step(report, "the allow list lets it through").Passed);
    }

    [Fact]
    public void AnInternalNetworkIsNoObstacleWithin() => Assert.True(
        Reachability.Of(Good with { From = Web with { Places = [WebOnApp with { Internal = true }] }, To = Db with { Places = [DbOnApp with { Internal = true }] } }).Reachable);

    [Fact]
    public void TheBridgeMayBeDown() => Fails(
        Good with { From = Web with { Places = [WebOnApp with { BridgeIsUp = false }] } }, "the bridge is up", "br-app is gone or switched off",
        "ip link set br-app up; where it is gone, restart berthd: it makes it again");

    [Theory]
    [InlineData(nameof(PlaceLink.Missing), "veth2, the host's end of eth0, is gone", "berth network disconnect app db; berth network connect app db")]
    [InlineData(nameof(PlaceLink.Detached), "veth2, the host's end of eth0, is not on br-app", "ip link set veth2 master br-app")]
    [InlineData(nameof(PlaceLink.Down), "veth2, the host's end of eth0, is switched off", "ip link set veth2 up")]
    [InlineData(nameof(PlaceLink.NoCarrier), "eth0 in it is switched off", "nsenter --net=$(berth inspect -f '{{.NetworkSettings.SandboxKey}}' db) ip link set eth0 up")]
    public void ALinkMayBeBroken(string link, string detail, string advice) =>
        Fails(Good with { To = Db with { Places = [DbOnApp with { Link = Enum.Parse<PlaceLink>(link) }] } }, "db is attached to it", detail, advice);

    [Fact]
    public void OfSeveralNetworksOneThatWorksIsEnough()
    {
        CheckedPlace broken = WebOnApp with { Network = "aaa", BridgeIsUp = false };
        ReachabilityReport report = Reachability.Of(Good with { From = Web with { Places = [broken, WebOnApp] }, To = Db with { Places = [DbOnApp with { Network = "aaa" }, DbOnApp] } });
        Assert.True(report.Reachable);
        Assert.StartsWith("both are on app:", Step(report, Shared).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void AFlushedFirewallIsToldButDoesNotStopNeighbours()
    {
        ReachabilityReport report = Reachability.Of(Good with { FirewallPresent = false });
        Assert.True(report.Reachable);
        Assert.Equal("the table inet berth-berth0 is gone: somebody flushed it", Step(report, "the firewall is in place").Detail);
        Assert.StartsWith("berthd writes its rules again", report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDefaultNetworkHasNoNames()
    {
        ReachabilityReport report = Reachability.Of(Good with { From = Web with { Places = [WebOnApp with { Network = "bridge", ResolvesNames = false }] }, To = Db with { Places = [DbOnApp with { Network = "bridge", ResolvesNames = false }] } });
        Assert.True(report.Reachable);
        Assert.Equal("the network bridge has no names: web finds db as 172.18.0.3 alone", Step(report, Names).Detail);
        Assert.Equal("use 172.18.0.3, or a network of your own, where names are answered: berth network create shared; berth network connect shared web; berth network connect shared db", report.Advice);
    }

    [Fact]
    public void NothingListens() => Fails(
        Good with { Listening = [Socket("127.0.0.11", 5432)] }, Listens, "nothing listens in db", "start what should listen; what db wrote may tell why it does not: berth logs db");

    [Fact]
    public void AnotherPortListens() => Fails(
        Good with { Listening = [Socket("0.0.0.0", 8080), Socket("::", 8080), Socket("0.0.0.0", 5432, ProtocolType.Udp)] },
        Listens,
        "nothing in db does; it listens on 8080/tcp, 5432/udp",
        "use one of 8080/tcp, 5432/udp, or make db listen on 5432/tcp: berth logs db may tell why it does not");

    [Fact]
    public void LoopbackOnlyIsTheClassic() => Fails(
        Good with { Listening = [Socket("127.0.0.1", 5432), Socket("::1", 5432)] },
        Listens,
        "db listens on 127.0.0.1:5432, [::1]:5432 only, which nobody outside of it reaches",
        "make the program in db listen on 0.0.0.0:5432 instead");

    [Fact]
    public void AnAddressOfAnotherNetworkDoesNotDo() => Fails(
        Good with { Listening = [Socket("10.0.0.9", 5432)] }, Listens, "db listens on 10.0.0.9:5432 only, and not on 172.18.0.3", "make the program in db listen on 0.0.0.0:5432 instead");

    [Fact]
    public void ItsOwnAddressDoes() => Assert.True(Reachability.Of(Good with { Listening = [Socket("172.18.0.3", 5432)] }).Reachable);

    [Fact]
    public void OneNetworkStackIsReachedOnLoopback()
    {
        ReachabilityFacts facts = Good with { To = Db with { Stack = "web" }, Listening = [Socket("127.0.0.1", 5432)] };
        Assert.True(Reachability.Of(facts).Reachable);
        Assert.Equal("both have one network stack: each finds the other on localhost", Step(Reachability.Of(facts), Shared).Detail);
    }

    [Fact]
    public void TheHostReachesBridges()
    {
        CheckedContainer host = new() { Name = "agent", Stack = "host", InHost = true };
        ReachabilityReport report = Reachability.Of(Good with { From = host });
        Assert.True(report.Reachable);
        Assert.Equal("use 172.18.0.3, or make agent anew with --add-host db:172.18.0.3", report.Advice);
        Fails(Good with { From = host, To = Db with { Places = [] } }, Shared, "agent has the host's network, db is on no network", "berth network disconnect none db; berth network connect bridge db");
        CheckedPlace macvlan = DbOnApp with { Driver = NetworkDrivers.Macvlan, Bridge = null, HostInterface = null };
        Fails(
            Good with { From = host, To = Db with { Places = [macvlan] } }, Shared, "agent has the host's network, db is on app, which the host itself does not reach", "berth network connect bridge db");
    }

    [Fact]
    public void TheHostIsReachedByItsAddressOnTheBridge()
    {
        CheckedContainer host = new() { Name = "agent", Stack = "host", InHost = true };
        ReachabilityReport report = Reachability.Of(Good with { To = host, Listening = [Socket("172.18.0.1", 5432)] });
        Assert.True(report.Reachable);
        Assert.Equal("use 172.18.0.1, or make web anew with --add-host agent:host-gateway", report.Advice);
        Fails(
            Good with { To = host, From = Web with { Places = [WebOnApp with { EgressLimited = true }] } }, Shared,
            "agent has the host's network; the allow list of app keeps web from the host", "berth network connect bridge web");
        Fails(
            Good with { To = host, From = Web with { Places = [] } }, Shared,
            "agent has the host's network; web is on no network, which does not lead to the host", "berth network disconnect none web; berth network connect bridge web");
    }

    private static ReachabilityReport Fails(ReachabilityFacts facts, string check, string detail, string advice)
    {
        ReachabilityReport report = Reachability.Of(facts);
        Assert.False(report.Reachable);
        ReachabilityStep step = Step(report, check);
        Assert.False(step.Passed);
        Assert.Equal(detail, step.Detail);
        Assert.Equal(advice, report.Advice);
        return report;
    }

    private static ReachabilityStep Step(ReachabilityReport report, string check) => Assert.Single(report.Steps, s => s.Check == check);

    private static ReachabilityFacts Apart() => Good with { From = Web with { Places = [WebOnApp with { InterContainer = false }] }, To = Db with { Places = [DbOnApp with { InterContainer = false }] } };

    private static ListeningSocket Socket(string address, ushort port, ProtocolType protocol = ProtocolType.Tcp) => new(protocol, IPAddress.Parse(address), port);

    private static PublishedPort Port(string address, ushort host, ushort container = 5432) => new(ProtocolType.Tcp, container, IPAddress.Parse(address), host);
}
