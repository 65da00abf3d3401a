using Berth.Linux.Netlink;
using Berth.Network.Networks;

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
