using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Endpoints;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>Addresses of containers that ended are free when their links are gone, and not before.</summary>
public sealed class DepartingEndpointsTests : IDisposable
{
    private static readonly Network Net = new()
    {
        Id = new string('a', 64),
        Name = "net",
        Driver = NetworkDrivers.Bridge,
        Created = DateTimeOffset.UnixEpoch,
        Bridge = "br-test",
        Subnets = [new NetworkSubnet { Subnet = IPNetwork.Parse("10.9.0.0/29"), Gateway = IPAddress.Parse("10.9.0.1") }],
    };

    private static readonly EndpointRequest Wanted = new() { Network = "net", Address = IPAddress.Parse("10.9.0.4") };

    private readonly TestHost _host = new();
    private readonly NetworkTable _table = new([Net]);
    private readonly LinkRemover _remover;
    private readonly List<string> _log = [];
    private readonly DepartingEndpoints _departing;

    public DepartingEndpointsTests()
    {
        _remover = new LinkRemover(NetworkNamespace.Run(_host.Namespace, static () => NetlinkSocket.Open(Libc.NETLINK_ROUTE)));
        _departing = new DepartingEndpoints(_table, _remover, _log.Add);
    }

    public void Dispose()
    {
        _remover.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task AnAddressIsFreeOnceItsLinkIsGone()
    {
        Endpoint endpoint = Ended();
        _host.RunProgram("ip", "link", "add", endpoint.HostInterface!, "type", "veth", "peer", "name", "eth0");
        Assert.Equal(EngineErrorKind.Conflict, Assert.Throws<EngineException>(() => _table.Place("c2", Net, Wanted)).Kind);

        _departing.Add(endpoint);
        await (_departing.Of(Net.Id) ?? Task.CompletedTask);
        Assert.Empty(_host.Ports());
        Assert.Equal(Wanted.Address, _table.Place("c2", Net, Wanted).Address);
        Assert.Null(_departing.Of(Net.Id));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task AllThatAreLeavingAreWaitedFor()
    {
        Endpoint[] leaving = [.. Enumerable.Range(2, 5).Select(i => Ended($"10.9.0.{i}"))]; // all there are
        foreach (Endpoint endpoint in leaving)
        {
            _host.RunProgram("ip", "link", "add", endpoint.HostInterface!, "type", "veth", "peer", "name", "p" + endpoint.HostInterface![4..]);
        }

        EndpointRequest any = Wanted with { Address = null };
        Assert.Equal(EngineErrorKind.Unavailable, Assert.Throws<EngineException>(() => _table.Place("c9", Net, any)).Kind);
        foreach (Endpoint endpoint in leaving)
        {
            _departing.Add(endpoint);
        }

        Assert.Null(_departing.Of(new string('b', 64)));
        await (_departing.Of(Net.Id) ?? Task.CompletedTask);
        Assert.Equal(5, Enumerable.Range(0, 5).Select(i => _table.Place($"d{i}", Net, any).Address).Distinct().Count());
    }

    [Fact]
    public void WithoutAPairItIsFreeAtOnce()
    {
        _departing.Add(Ended() with { HostInterface = null });
        Assert.Null(_departing.Of(Net.Id));
        Assert.Equal(Wanted.Address, _table.Place("c2", Net, Wanted).Address);
    }

    /// <summary>Somebody may still answer for it: rather one address fewer than one twice.</summary>
    [Fact]
    public async Task ALinkThatCannotBeRemovedKeepsItsAddress()
    {
        _departing.Add(Ended() with { HostInterface = "lo" });
        await (_departing.Of(Net.Id) ?? Task.CompletedTask);
        Assert.Contains("10.9.0.4 stays taken", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Throws<EngineException>(() => _table.Place("c2", Net, Wanted));
    }

    [Fact]
    public void ADaemonThatShutsDownSaysWhatStays()
    {
        Endpoint endpoint = Ended();
        _remover.Dispose();
        _departing.Add(endpoint);
        Assert.Null(_departing.Of(Net.Id));
        Assert.Contains(endpoint.HostInterface!, Assert.Single(_log), StringComparison.Ordinal);
    }

    // A container that had a place, and has left it.
    private Endpoint Ended(string address = "10.9.0.4")
    {
        Endpoint endpoint = _table.Place("of" + address, Net, Wanted with { Address = IPAddress.Parse(address) });
        _table.Leave(endpoint);
        return endpoint;
    }
}
