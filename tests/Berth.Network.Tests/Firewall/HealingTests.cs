using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;
using Berth.Network.Ports;

namespace Berth.Network.Tests.Firewall;

/// <summary>Others change the host's firewall while a daemon lives, and ours comes back, where the kernel cannot keep them from it.</summary>
public sealed class HealingTests : IAsyncLifetime
{
    private static readonly IPEndPoint Published = new(OutsideHost.HostsAddress, 8080);

    private readonly TestHost _host = new();
    private readonly OutsideHost _outside;
    private NetworkService _service = null!;
    private Sandbox _sandbox = null!;
    private Socket _server = null!;

    public HealingTests() => _outside = new OutsideHost(_host);

    public async ValueTask InitializeAsync()
    {
        await _host.AddContainersAsync("c1");
        _service = await _host.StartAsync();
        _sandbox = await _service.Endpoints.TakeAsync(
            "c1",
            new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }], Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8080, 8080)] },
            CancellationToken.None);
        _server = TcpProbe.Listen(_sandbox.Namespace, IPAddress.Any, 80);
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _sandbox.Dispose();
        await _service.DisposeAsync();
        _outside.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("flush ruleset")]
    [InlineData("delete table inet berth-berth0")]
    [InlineData("flush table inet berth-berth0")]
    [InlineData("flush chain inet berth-berth0 forward")]
    [InlineData("insert rule inet berth-berth0 forward drop")]
    [InlineData("flush map inet berth-berth0 any4")]
    [InlineData("add element inet berth-berth0 internal { berth0 }")]
    [InlineData("add chain inet berth-berth0 forward { policy drop ; }")]
    public async Task TheTableComesBackAndSaysWhoChangedIt(string command)
    {
        string before = List();
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
        _host.RunProgram("nft", command);
        await TestHost.UntilAsync(() => List() == before, $"the table is as it was before {command}");
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
        await TestHost.UntilAsync(() => Lines().Length > 0, "it is told");
        Assert.Matches("^the firewall table berth-berth0 was changed by nft \\(process [0-9]+\\)", Assert.Single(Lines()));
    }

    [Fact]
    public async Task PortsThatCameLaterComeBackToo()
    {
        using PortChange added = await _service.Ports.AddAsync("c1", [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8081, 8081)], throughHost: false);
        _host.RunProgram("nft", "flush", "ruleset");
        await TestHost.UntilAsync(() => List().Contains("tcp . 8081", StringComparison.Ordinal), "the second port is back");
        await TcpProbe.ReachesAsync(_outside.Namespace, new IPEndPoint(OutsideHost.HostsAddress, 8081));
    }

    /// <summary>iptables-nft, as firewall programs use it: a policy set while we run, then our rules swept away with all others.</summary>
    [Fact]
    public async Task AForwardChainThatBeginsToDropGetsItsExceptions()
    {
        _host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        await TestHost.UntilAsync(() => Exceptions("FORWARD") == 2, "the exceptions are there");
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
        await TcpProbe.ReachesAsync(_sandbox.Namespace, _outside.Server);

        _host.RunProgram("iptables-nft", "-F", "FORWARD");
        await TestHost.UntilAsync(() => Exceptions("FORWARD") == 2, "the exceptions are back");
        _host.RunProgram("iptables-nft", "-D", "FORWARD", "1");
        await TestHost.UntilAsync(() => Exceptions("FORWARD") == 2, "the one that was removed is back");
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
        await TcpProbe.ReachesAsync(_sandbox.Namespace, _outside.Server);

        // As dockerd does when it makes a bridge.
        _host.RunProgram("iptables-nft", "-N", "DOCKER");
        _host.RunProgram("iptables-nft", "-I", "FORWARD", "-o", "docker7", "-j", "DOCKER");
        await TestHost.UntilAsync(() => Exceptions("FORWARD") == 3, "Docker's bridge is left to the policy");
        _host.RunProgram("iptables-nft", "-D", "FORWARD", "1");
        await TestHost.UntilAsync(() => Exceptions("FORWARD") == 2, "and forgotten");
        await TestHost.UntilAsync(() => Log().Any(l => l.Contains("iptables", StringComparison.Ordinal) && l.Contains("FORWARD", StringComparison.Ordinal)), "it is told by whom");
    }

    [Fact]
    public async Task Ipv6NetworksHaveTheirsInIp6()
    {
        Network network = await _service.CreateAsync(new NetworkDefinition { Name = "six", EnableIpv6 = true }, static (_, _) => { }, CancellationToken.None);
        _host.RunProgram("ip6tables-nft", "-P", "FORWARD", "DROP");
        await TestHost.UntilAsync(() => Rules("ip6tables-nft", "FORWARD").Count(r => r.Contains(network.Bridge!, StringComparison.Ordinal)) == 2, "the exceptions are there");
        Assert.DoesNotContain(Rules("ip6tables-nft", "FORWARD"), r => r.Contains("berth0", StringComparison.Ordinal));
        _host.RunProgram("ip6tables-nft", "-F");
        await TestHost.UntilAsync(() => Rules("ip6tables-nft", "FORWARD").Count(r => r.Contains(network.Bridge!, StringComparison.Ordinal)) == 2, "the exceptions are back");
        Assert.Empty(await _service.RemoveAsync(network, static (_, _) => { }, CancellationToken.None));
        Assert.Equal(["-P FORWARD DROP"], Rules("ip6tables-nft", "FORWARD"));
    }

    [Fact]
    public async Task WhoeverUndoesEachRepairIsAnsweredMoreAndMoreSlowly()
    {
        for (int i = 0; i < RepairPace.Patience; i++)
        {
            _host.RunProgram("nft", "flush", "ruleset");
            await TestHost.UntilAsync(() => Lines().Length == i + 1, "the table is back");
        }

        Assert.Single(Log(), l => l.Contains("longer intervals", StringComparison.Ordinal));
        for (int i = 0; i < 20; i++)
        {
            _host.RunProgram("nft", "flush", "ruleset");
        }

        await TestHost.UntilAsync(() => List().Contains("tcp . 8080", StringComparison.Ordinal), "the table is back all the same");
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
    }

    [Fact]
    public void AfterLostNotificationsItIsLookedAt()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        using NfChanges changes = NetworkNamespace.Run(host.Namespace, NfChanges.Listen);
        List<string> lines = [];
        var keeper = new FirewallKeeper(socket, "berth0", lines.Add);
        var watch = new FirewallWatch(changes, socket.Port, keeper, lines.Add);
        keeper.Write();

        // More than the socket's buffer holds, of a program that changes a table of its own.
        host.RunProgram("nft", "add table inet many; add set inet many s { type ipv4_addr ; }");
        string script = Path.Join(Path.GetTempPath(), $"berth-many-{Guid.NewGuid():N}.nft");
        File.WriteAllLines(script, Enumerable.Range(0, 240).Select(i =>
            $"{(i == 120 ? "flush set inet many s\n" : "")}add element inet many s {{ {string.Join(',', Enumerable.Range(0, 1000).Select(k => $"10.{i % 120}.{k >> 8}.{k & 255}"))} }}"));
        try
        {
            host.RunProgram("nft", "-f", script);
        }
        finally
        {
            File.Delete(script);
        }

        host.RunProgram("nft", "delete", "table", "inet", "berth-berth0"); // this is lost
        watch.Heard(0);
        Assert.Equal(RepairPace.Shortest, watch.Timeout(0));
        watch.Act(RepairPace.Shortest - 1);
        Assert.False(keeper.IsWhole());
        watch.Act(RepairPace.Shortest);
        Assert.True(keeper.IsWhole());
        Assert.Contains("changed by somebody, and was put back", Assert.Single(lines), StringComparison.Ordinal);

        watch.Heard(1000);
        watch.Act(2000);
        Assert.Single(lines); // what was written just now is whole
        Assert.True(watch.Listens);
    }

    [Theory]
    [InlineData("delete table inet berth-berth0", false)]
    [InlineData("flush chain inet berth-berth0 forward", false)]
    [InlineData("flush map inet berth-berth0 any4", false)]
    [InlineData("add element inet berth-berth0 internal { berth0 }", false)]
    [InlineData("add chain inet berth-berth0 forward { policy drop ; }", false)]
    [InlineData("add chain inet berth-berth0 another", false)]
    [InlineData("add table inet another", true)]
    public async Task ALookTellsWhatIsWhole(string command, bool whole)
    {
        await _service.DisposeAsync(); // or it would be repaired before it is looked at
        using NetlinkSocket socket = NetworkNamespace.Run(_host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        FirewalledNetwork network = FirewalledNetwork.Of(_service.Find("bridge")!);
        PortTranslation[] ports = [.. PortPublisher.Translations(_service.Endpoints.Of("c1")[0])];
        NfTable wanted = FirewallTable.Of("berth0", new FirewallState { Networks = [network], Ports = ports, Held = [.. ports.Select(p => (p.Protocol, p.HostPort)).Distinct()] });
        Assert.True(FirewallInspection.IsWhole(socket, wanted));
        _host.RunProgram("nft", command);
        Assert.Equal(whole, FirewallInspection.IsWhole(socket, wanted));
    }

    [Fact]
    public async Task OthersTablesAreNoReasonToWriteOurs()
    {
        _host.RunProgram("nft", "add table inet other; add chain inet other c { type filter hook input priority 0 ; }; add rule inet other c accept");
        _host.RunProgram("nft", "delete table inet other");
        _host.RunProgram("nft", "delete table inet berth-berth0"); // later than those: when this one is told, they would have been
        await TestHost.UntilAsync(() => Lines().Length > 0, "the table is back");
        Assert.Single(Lines());
    }

    [Fact]
    public async Task AChainOutOfReachThatDropsIsNamedOnce()
    {
        _host.RunProgram("nft", "add table inet strict; add chain inet strict through { type filter hook forward priority 0 ; policy drop ; }");
        await TestHost.UntilAsync(() => Log().Any(l => l.Contains("chain through", StringComparison.Ordinal)), "it is told");
        _host.RunProgram("nft", "add chain inet strict other");
        _host.RunProgram("nft", "delete table inet berth-berth0");
        await TestHost.UntilAsync(() => Lines().Length > 0, "the table is back");
        string line = Assert.Single(Log(), l => l.Contains("chain through", StringComparison.Ordinal));
        Assert.Contains("table inet strict", line, StringComparison.Ordinal);
        await _service.DisposeAsync();
        _service = await _host.StartAsync();
        Assert.Equal(2, Log().Count(l => l == line)); // and at each start
    }

    private string[] Lines() => [.. Log().Where(l => l.Contains("was put back", StringComparison.Ordinal))];

    private string[] Log()
    {
        lock (_host.Log)
        {
            return [.. _host.Log];
        }
    }

    private string List()
    {
        string all = _host.RunProgram("nft", "list", "ruleset");
        int start = all.IndexOf("table inet berth-berth0", StringComparison.Ordinal);
        return start < 0 ? "" : all[start..];
    }

    private int Exceptions(string chain) => Rules("iptables-nft", chain).Count(r => r.Contains("berth0", StringComparison.Ordinal));

    private string[] Rules(string program, string chain) => _host.RunProgram(program, "-S", chain).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
