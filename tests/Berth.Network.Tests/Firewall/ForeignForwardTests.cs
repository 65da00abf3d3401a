using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;

namespace Berth.Network.Tests.Firewall;

public sealed class ForeignForwardTests
{
    private static readonly NfChainInfo Drops = new("filter", "FORWARD", DropsByDefault: true);
    private static readonly NfChainInfo DockerUser = new("filter", "DOCKER-USER", DropsByDefault: false);

    [Fact]
    public void NothingIsAddedWhereNothingDrops()
    {
        Assert.Empty(ForeignForward.Missing("berth0", [], []));
        Assert.Empty(ForeignForward.Missing("berth0", [Drops with { DropsByDefault = false }, DockerUser], []));
    }

    [Fact]
    public void DockersOwnPlaceForOthersIsPreferred()
    {
        Assert.All(ForeignForward.Missing("berth0", [Drops, DockerUser], []), added => Assert.Equal("DOCKER-USER", added.Chain));
        Assert.All(ForeignForward.Missing("berth0", [Drops], []), added => Assert.Equal("FORWARD", added.Chain));
    }

    [Fact]
    public void RulesOfAnotherBridgeAreNotOurs()
    {
        NfRuleInfo[] ours = [new("filter", "FORWARD", 7, "berth: berth0"), new("filter", "FORWARD", 8, "berth: berth0")];
        Assert.Empty(ForeignForward.Missing("berth0", [Drops], ours));
        Assert.Equal(2, ForeignForward.Missing("berth0", [Drops], ours[..1]).Count);
        Assert.Equal(2, ForeignForward.Missing("berth0", [Drops, DockerUser], ours).Count);
        Assert.Equal(2, ForeignForward.Missing("berth1", [Drops], ours).Count);
    }

    [Fact]
    public void IptablesStillReadsItsTableAfterwards()
    {
        using var host = new TestHost();
        host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        host.RunProgram("iptables-nft", "-N", "DOCKER-USER");
        host.RunProgram("iptables-nft", "-A", "DOCKER-USER", "-j", "RETURN");
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        ForeignForward.Ensure(socket, NfFamily.Ip, ["berth0"]);
        ForeignForward.Ensure(socket, NfFamily.Ip, ["berth0"]);
        string[] rules = host.RunProgram("iptables-nft", "-S", "DOCKER-USER").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, rules.Length);
        Assert.Equal(0, ForeignForward.Ensure(socket, NfFamily.Ip, ["berth0"]));
        Assert.Equal("-A DOCKER-USER -j RETURN", rules[3]); // ours stand before it
        Assert.Contains(rules, r => r.Contains("-i berth0", StringComparison.Ordinal) && r.EndsWith("-j ACCEPT", StringComparison.Ordinal));
        Assert.Contains(rules, r => r.Contains("-o berth0", StringComparison.Ordinal) && r.EndsWith("-j ACCEPT", StringComparison.Ordinal));
    }
}
