using Berth.Linux.Netlink;
using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Tests;

/// <summary>A network on a bridge that an administrator made and uses.</summary>
public sealed class FoundBridgeTests : IAsyncLifetime
{
    private readonly TestHost _host = new();
    private NetworkService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await _host.StartAsync();
        Sh("ip link add mybr type bridge; ip link add nic0 type veth peer name nic1; ip link set nic0 master mybr up; ip link set nic1 up; ip link set nic0 mtu 1400; ip link set mybr mtu 1400");
        Sh("ip addr add 10.90.0.1/24 dev mybr; ip -6 addr add fd90::5/64 dev mybr nodad; ip link set mybr up; ip route add 10.95.0.0/16 via 10.90.0.7");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _host.Dispose();
    }

    [Theory]
    [InlineData("10.90.0.0/24")]
    [InlineData("10.91.0.0/24")]
    public async Task ItStaysAsItWas(string subnet)
    {
        string before = State();
        Network network = await CreateAsync(subnet);
        Assert.Equal(1400, network.Mtu);
        Assert.Contains($"{network.Subnets[0].Gateway}/24", Sh("ip -o addr show dev mybr"), StringComparison.Ordinal);
        Assert.Contains("nic0", Sh("ip -o link show master mybr"), StringComparison.Ordinal);

        await _service.DisposeAsync(); // the next daemon knows from the row that it is not ours
        _service = await _host.StartAsync();
        Assert.Contains("nic0", Sh("ip -o link show master mybr"), StringComparison.Ordinal);
        Assert.Empty(await _service.RemoveAsync(_service.Find("mb")!, static (_, _) => { }, CancellationToken.None));
        Assert.Equal(before, State());
        Assert.Equal("0", Sh("cat /proc/sys/net/ipv4/conf/mybr/route_localnet").Trim()); // nothing guards it any more
    }

    /// <summary>What the administrator has on it in the network's subnet is the host's, and no container's.</summary>
    [Fact]
    public async Task ItsOtherAddressesAreNoContainers()
    {
        Sh("ip addr add 10.90.0.2/24 dev mybr; ip addr add 10.90.0.4/24 dev mybr");
        await CreateAsync("10.90.0.0/24");
        await _host.AddContainersAsync("c1", "c2", "c3");
        var on = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "mb" }] };
        using Sandbox one = await _service.Endpoints.TakeAsync("c1", on, CancellationToken.None), two = await _service.Endpoints.TakeAsync("c2", on, CancellationToken.None);
        Assert.Equal(["10.90.0.3", "10.90.0.5"], new[] { one, two }.Select(s => s.Endpoints[0].Address!.ToString()));
        var taken = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "mb", Address = System.Net.IPAddress.Parse("10.90.0.4") }] };
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => _service.Endpoints.TakeAsync("c3", taken, CancellationToken.None));
        Assert.Contains("10.90.0.4", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>--bridge NAME of a bridge that somebody made: it keeps its MTU, its addresses and its IPv6 settings, over further starts too.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("10.92.0.1/24")]
    public async Task AsTheDefaultBridgeItStaysAsItWasToo(string? bip)
    {
        Sh("echo 2 > /proc/sys/net/ipv6/conf/mybr/accept_ra; ip addr add 10.90.0.2/24 dev mybr");
        string Settings() => Sh("ip -o link show mybr | grep -o 'mtu [0-9]*'; cd /proc/sys/net/ipv6/conf/mybr; cat disable_ipv6 accept_ra accept_dad; ip -o -6 addr show dev mybr | grep -o 'fd90::5/64'; ip -o addr show dev mybr | grep -o '10.90.0.[0-9]*/24'");
        string before = Settings();
        BridgeAddress? address = bip is null ? null : BridgeAddress.TryParse(bip, out BridgeAddress? named) ? named : throw new FormatException(bip);
        for (int i = 0; i < 3; i++)
        {
            await using NetworkService service = await StartOnItAsync(i == 1 ? null : address);
            Assert.Equal(before, Settings());
            Assert.Equal(1400, service.Find("bridge")!.Mtu);
            await _host.AddContainersAsync($"c{i}");
            using Sandbox sandbox = await service.Endpoints.TakeAsync($"c{i}", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] }, CancellationToken.None);
            Assert.DoesNotContain(sandbox.Endpoints[0].Address!.ToString(), (string[])["10.90.0.1", "10.90.0.2"]);
            Assert.Contains("mtu 1400", TestHost.RunProgramIn(sandbox.Namespace, "ip", "link", "show", "eth0"), StringComparison.Ordinal);
            await service.Endpoints.ReleaseAsync($"c{i}");
        }

        async Task<NetworkService> StartOnItAsync(BridgeAddress? address)
        {
            await _service.DisposeAsync();
            return _service = await _host.StartAsync(o => o with { BridgeName = "mybr", BridgeAddress = address });
        }
    }

    [Fact]
    public async Task OneThatIsMadeGoes()
    {
        Network network = await _service.CreateAsync(new NetworkDefinition { Name = "own" }, static (_, _) => { }, CancellationToken.None);
        Assert.Null(network.FoundBridge);
        Assert.Empty(await _service.RemoveAsync(network, static (_, _) => { }, CancellationToken.None));
        Assert.DoesNotContain(_host.Routes.Links(), l => l.Name == network.Bridge);
    }

    [Theory]
    [InlineData("veth01234ab", true)]
    [InlineData("veth01234AB", false)]
    [InlineData("veth0", false)]
    [InlineData("nic0", false)]
    [InlineData("vethclient1", false)]
    public void OurLinksHaveTheirNames(string name, bool ours) => Assert.Equal(ours, LinkName.IsOurs(name));

    private Task<Network> CreateAsync(string subnet) => _service.CreateAsync(
        new NetworkDefinition
        {
            Name = "mb",
            Subnets = [new SubnetDefinition(subnet, null, null, null)],
            Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = "mybr" },
        },
        static (_, _) => { },
        CancellationToken.None);

    private string State() => string.Join('\n', ((string[])[Sh("ip -o addr show dev mybr"), Sh("ip route show dev mybr"), Sh("ip -o link show mybr")])
        .Select(s => System.Text.RegularExpressions.Regex.Replace(s, "(valid_lft|preferred_lft|state|qdisc) \\S+", "")));

    private string Sh(string command) => _host.RunProgram("sh", "-c", command);
}
