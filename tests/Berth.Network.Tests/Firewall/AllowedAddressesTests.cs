using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;

namespace Berth.Network.Tests.Firewall;

/// <summary>What an allow list's names opened outlives the daemon, and no longer than it was to.</summary>
public sealed class AllowedAddressesTests
{
    private static readonly FirewalledNetwork Limited = new("berth1", [IPNetwork.Parse("10.1.0.0/24")], Internal: false, InterContainer: true, Masquerade: true, EgressLimited: true);

    [Fact]
    public async Task ARestartKeepsThemForTheRestOfTheirTime()
    {
        using var host = new TestHost();
        Start(host, Limited, keeper => keeper.Allow(
            "berth1",
            [(IPAddress.Parse("192.0.2.1"), TimeSpan.FromHours(1)), (IPAddress.Parse("2001:db8::1"), TimeSpan.FromHours(1)), (IPAddress.Parse("192.0.2.2"), TimeSpan.FromSeconds(2))]));
        Start(host, Limited);
        Assert.Contains("192.0.2.1", List(host, "allowed4"), StringComparison.Ordinal);
        Assert.Contains("192.0.2.2", List(host, "allowed4"), StringComparison.Ordinal);
        Assert.Contains("2001:db8::1", List(host, "allowed6"), StringComparison.Ordinal);
        Assert.DoesNotContain("expires 1h", List(host, "allowed4"), StringComparison.Ordinal);
        await TestHost.UntilAsync(() => !List(host, "allowed4").Contains("192.0.2.2", StringComparison.Ordinal), "the short one ends");
        Assert.Contains("192.0.2.1", List(host, "allowed4"), StringComparison.Ordinal);

        Start(host, Limited with { EgressLimited = false });
        Assert.DoesNotContain("192.0.2.1", List(host, "allowed4"), StringComparison.Ordinal);
    }

    // A daemon's part of a start; its socket goes with it.
    private static void Start(TestHost host, FirewalledNetwork network, Action<FirewallKeeper>? then = null)
    {
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        List<string> lines = [];
        var keeper = new FirewallKeeper(socket, "berth0", lines.Add);
        keeper.Know([network], [], [], []);
        keeper.RecallAllowed();
        keeper.Write();
        then?.Invoke(keeper);
        Assert.Empty(lines);
    }

    private static string List(TestHost host, string set) => host.RunProgram("nft", "list", "set", "inet", "berth-berth0", set);
}
