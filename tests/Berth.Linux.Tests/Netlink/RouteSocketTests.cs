using System.Net;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.Polling;

namespace Berth.Linux.Tests.Netlink;

/// <summary>rtnetlink against the kernel, each test in a namespace of its own.</summary>
public sealed class RouteSocketTests : IDisposable
{
    private readonly FileDescriptor _space = NetworkNamespace.Create();
    private readonly NetlinkSocket _socket;

    public RouteSocketTests() => _socket = NetworkNamespace.Run(_space, () => NetlinkSocket.Open(Libc.NETLINK_ROUTE));

    public void Dispose()
    {
        _socket.Dispose();
        _space.Dispose();
    }

    private void Execute(NetlinkBatch batch) => _socket.Execute(batch.AcknowledgeLast());

    private int Index(string name) => _socket.FindLink(name)!.Index;

    [Fact]
    public void ABridgeIsMadeChangedAndRemoved()
    {
        Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1400));
        Link bridge = _socket.FindLink("br0")!;
        Assert.Equal(("bridge", 1400, true), (bridge.Kind, bridge.Mtu, bridge.IsUp));
        Assert.Equal([2, 0x42, 1, 2, 3, 4], bridge.Address);
        Execute(new NetlinkBatch().SetMtu(bridge.Index, 1300).SetHardwareAddress(bridge.Index, [2, 0, 0, 0, 0, 9]).SetName(bridge.Index, "br1"));
        Link changed = _socket.FindLink("br1")!;
        Assert.Equal((bridge.Index, 1300), (changed.Index, changed.Mtu));
        Assert.Equal([2, 0, 0, 0, 0, 9], changed.Address);
        Execute(new NetlinkBatch().DeleteLink("br1"));
        Assert.Null(_socket.FindLink("br1"));
        Execute(new NetlinkBatch().DeleteLink("br1")); // gone already
        Execute(new NetlinkBatch().DeleteLink(bridge.Index));
    }

    [Fact]
    public void APairIsBornInTwoNamespaces()
    {
        using FileDescriptor other = NetworkNamespace.Create();
        using NetlinkSocket inside = NetworkNamespace.Run(other, () => NetlinkSocket.Open(Libc.NETLINK_ROUTE));
        Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));
        Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = "veth1", Master = Index("br0"), Mtu = 1400, PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 5], PeerNamespace = other,
        }));
        Link ours = Assert.Single(_socket.Links(Index("br0")));
        Assert.Equal(("veth1", "veth", 1400, true), (ours.Name, ours.Kind, ours.Mtu, ours.IsUp));
        Link theirs = inside.FindLink("eth0")!;
        Assert.False(theirs.IsUp);
        Assert.Equal(1400, theirs.Mtu);
        Assert.Equal([2, 0, 0, 0, 0, 5], theirs.Address);
        Execute(new NetlinkBatch().SetMaster(ours.Index, 0));
        Assert.Empty(_socket.Links(Index("br0")));
    }

    [Fact]
    public void AddressesRoutesAndNeighboursOfBothFamilies()
    {
        Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));
        int link = Index("br0");
        var four = new LinkAddress(link, IPAddress.Parse("10.1.0.1"), 24);
        var six = new LinkAddress(link, IPAddress.Parse("fd00:1::1"), 64);
        Execute(new NetlinkBatch().AddAddress(four).AddAddress(six));
        Execute(new NetlinkBatch().AddAddress(four).AddAddress(six)); // there already
        Assert.Contains(four, _socket.Addresses());
        Assert.Contains(six, _socket.Addresses());

        var to = new Route(IPAddress.Parse("10.9.0.0"), 16, IPAddress.Parse("10.1.0.2"), link);
        var to6 = new Route(IPAddress.Parse("fd00:9::"), 32, IPAddress.Parse("fd00:1::2"), link);
        var direct = new Route(IPAddress.Parse("10.8.0.0"), 16, null, link, Table: 1000);
        var otherwise = new Route(null, 0, IPAddress.Parse("10.1.0.3"), link);
        Execute(new NetlinkBatch().AddRoute(to).AddRoute(to6).AddRoute(direct).AddRoute(otherwise));
        Execute(new NetlinkBatch().AddRoute(to).AddRoute(otherwise)); // there already
        List<Route> routes = _socket.Routes();
        Assert.Contains(to, routes);
        Assert.Contains(to6, routes);
        Assert.Contains(direct, routes);
        Assert.Contains(otherwise, routes);
        Execute(new NetlinkBatch().DeleteRoute(to).DeleteRoute(to).DeleteAddress(four).DeleteAddress(four));
        Assert.DoesNotContain(to, _socket.Routes());
        Assert.DoesNotContain(four, _socket.Addresses());

        Execute(new NetlinkBatch().Begin(Libc.RTM_NEWNEIGH, Libc.NLM_F_CREATE, "neighbour")
            .Put(new Libc.ndmsg { ndm_family = 10, ndm_ifindex = link, ndm_state = 0x80 /* permanent */ })
            .Attribute(Libc.NDA_DST, IPAddress.Parse("fd00:1::7").GetAddressBytes())
            .Attribute(Libc.NDA_LLADDR, [2, 0, 0, 0, 0, 7]));
        Neighbour neighbour = Assert.Single(_socket.Neighbours(), n => n.Address.Equals(IPAddress.Parse("fd00:1::7")));
        Assert.Equal([2, 0, 0, 0, 0, 7], neighbour.LinkLayerAddress);
    }

    [Fact]
    public void AFailureNamesTheMessageAndTheKernelsReason()
    {
        // The middle one fails; the others are carried out, as rtnetlink does.
        LinuxException failure = Assert.Throws<LinuxException>(() => Execute(new NetlinkBatch()
            .AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500)
            .AddRoute(new Route(IPAddress.Parse("10.9.0.0"), 16, IPAddress.Parse("10.1.0.2"), 0))
            .AddBridge("br1", [2, 0x42, 1, 2, 3, 5], 1500)));
        Assert.Equal(Errno.ENETUNREACH, failure.Errno);
        Assert.Equal("rtnetlink", failure.Call);
        Assert.Contains("RTM_NEWROUTE 10.9.0.0/16", failure.Target, StringComparison.Ordinal);
        Assert.Contains("Nexthop has invalid gateway", failure.Target, StringComparison.Ordinal); // the extended ack
        Assert.NotNull(_socket.FindLink("br0"));
        Assert.NotNull(_socket.FindLink("br1"));
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500))).Errno);
    }

    [Fact]
    public void ALongDumpIsCompleteAndAGroupGoesAtOnce()
    {
        const int Many = 150;
        var batch = new NetlinkBatch();
        for (int i = 0; i < Many; i++)
        {
            batch.AddBridge($"many{i}", [2, 0x42, 0, 0, 0, (byte)i], 1500).SetGroup($"many{i}", 77);
        }

        Execute(batch);
        Assert.Equal(Many, _socket.Links().Count(l => l.Name.StartsWith("many", StringComparison.Ordinal)));
        Execute(new NetlinkBatch().SetGroup("nobody", 77).DeleteGroup(77));
        Assert.DoesNotContain(_socket.Links(), l => l.Name.StartsWith("many", StringComparison.Ordinal));
        Execute(new NetlinkBatch().DeleteGroup(77)); // empty already
    }

    [Fact]
    public void RemovalsAreHeardAndNothingElse()
    {
        using LinkRemovals removals = NetworkNamespace.Run(_space, LinkRemovals.Listen);
        var removed = new List<string>();
        FileDescriptor other = NetworkNamespace.Create();
        Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));
        Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = "veth1", Master = Index("br0"), PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 5], PeerNamespace = other,
        }));
        Assert.True(removals.Read(removed));
        Assert.Empty(removed); // links were made and became ports

        other.Dispose(); // the namespace dies, and its end of the pair takes ours along
        Wait(removals, removed);
        Assert.Equal(["veth1"], removed);
        removed.Clear();
        Execute(new NetlinkBatch().DeleteLink("br0"));
        Wait(removals, removed);
        Assert.Equal(["br0"], removed);
    }

    private static void Wait(LinkRemovals removals, List<string> removed)
    {
        Span<PollItem> items = [new() { Number = removals.Number, Wanted = PollEvents.Readable }];
        Assert.Equal(1, Poll.Wait(items, 30_000));
        Assert.True(removals.Read(removed));
    }
}
