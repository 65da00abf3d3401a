using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;

namespace Berth.Network.Tests.Firewall;

public sealed class ForeignForwardTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly NetlinkSocket _socket;

    public ForeignForwardTests() => _socket = NetworkNamespace.Run(_host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));

    public void Dispose()
    {
        _socket.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void RulesOfAnotherBridgeAreNotOurs()
    {
        NfRuleInfo[] ours = [.. ForeignForward.Wanted("berth0", ["docker0"]).Select((r, i) => new NfRuleInfo("filter", "FORWARD", (ulong)i, r.Comment!))];
        Assert.Equal(3, ours.Length);
        Assert.True(ForeignForward.IsWhole("berth0", ["docker0"], ours));
        Assert.False(ForeignForward.IsWhole("berth0", [], ours));
        Assert.False(ForeignForward.IsWhole("berth0", ["docker0", "docker1"], ours));
        Assert.False(ForeignForward.IsWhole("berth0", ["docker0"], ours[..2]));
        Assert.False(ForeignForward.IsWhole("berth0", ["docker0"], ours.Reverse()));
        Assert.False(ForeignForward.IsWhole("berth", ["docker0"], ours));
        Assert.False(ForeignForward.IsWhole("berth0", ["docker0"], ours.Select(r => r with { Chain = "DOCKER-USER" })));
    }

    [Fact]
    public void NothingIsAddedWhereNothingDrops()
    {
        Assert.Equal(0, Ensure());
        _host.RunProgram("iptables-nft", "-A", "FORWARD", "-j", "ACCEPT");
        Assert.Equal(0, Ensure());
        Assert.Equal(["-P FORWARD ACCEPT", "-A FORWARD -j ACCEPT"], Rules("FORWARD"));
    }

    [Fact]
    public void TheyTakeThePolicysPlaceBehindAllOthers()
    {
        _host.RunProgram("iptables-nft", "-A", "FORWARD", "-d", "203.0.113.3", "-j", "REJECT");
        _host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        Docker();
        Assert.Equal(1, Ensure());
        Assert.Equal(0, Ensure());
        string[] rules = Rules("FORWARD");
        Assert.Equal(
            [
                "-P FORWARD DROP", "-A FORWARD -o docker0 -j DOCKER", "-A FORWARD -d 203.0.113.3/32 -j REJECT --reject-with icmp-port-unreachable",
                "-A FORWARD -i berth0 -o docker0 -j RETURN", "-A FORWARD -i berth0 -j ACCEPT", "-A FORWARD -o berth0 -j ACCEPT",
            ],
            rules.Select(WithoutComment));
        Assert.Equal(["-N DOCKER-USER", "-A DOCKER-USER -j RETURN"], Rules("DOCKER-USER"));

        // What comes later stays behind: ours move only where something of theirs is missing.
        _host.RunProgram("iptables-nft", "-A", "FORWARD", "-d", "203.0.113.4", "-j", "ACCEPT");
        Assert.Equal(0, Ensure());
        Assert.Contains("203.0.113.4", Rules("FORWARD")[^1], StringComparison.Ordinal);
        _host.RunProgram("iptables-nft", "-D", "FORWARD", "4"); // the accept of what leaves
        Assert.Equal(1, Ensure());
        Assert.Equal("-A FORWARD -o berth0 -j ACCEPT", WithoutComment(Rules("FORWARD")[^1]));
        Assert.Equal(7, Rules("FORWARD").Length);

        ForeignForward.Remove(_socket, NfFamily.Ip, "berth0");
        Assert.DoesNotContain(Rules("FORWARD"), r => r.Contains("berth0", StringComparison.Ordinal));
    }

    /// <summary>As "ufw default reject routed" has it: a refusal of everything is a policy by another name.</summary>
    [Theory]
    [InlineData("iptables-nft -A FORWARD -j REJECT", "-j REJECT --reject-with icmp-port-unreachable")]
    [InlineData("iptables-nft -A FORWARD -j DROP", "-j DROP")]
    [InlineData("iptables-nft -N last; iptables-nft -A last -j REJECT; iptables-nft -A FORWARD -j last", "-j last")]
    public void TheyStandBeforeWhatRefusesEverything(string refusal, string shown)
    {
        _host.RunProgram("sh", "-c", "iptables-nft -P FORWARD DROP; iptables-nft -A FORWARD -d 203.0.113.3 -j DROP");
        Assert.Equal(1, Ensure());
        _host.RunProgram("sh", "-c", refusal);
        Assert.Equal(0, Ensure());
        _host.RunProgram("sh", "-c", $"iptables-nft -F FORWARD; iptables-nft -A FORWARD -d 203.0.113.3 -j DROP; {refusal.Replace("-N last", "-F last", StringComparison.Ordinal)}");
        Assert.Equal(1, Ensure());
        Assert.Equal(0, Ensure());
        Assert.Equal(
            ["-P FORWARD DROP", "-A FORWARD -d 203.0.113.3/32 -j DROP", "-A FORWARD -i berth0 -j ACCEPT", "-A FORWARD -o berth0 -j ACCEPT", $"-A FORWARD {shown}"],
            Rules("FORWARD").Select(WithoutComment));

        _host.RunProgram("sh", "-c", "iptables-nft -I FORWARD -j DROP");
        Assert.Equal(0, Ensure());
        Assert.Equal("-A FORWARD -j DROP", Rules("FORWARD")[1]); // an administrator's stop to everything is one: what stands is not moved
    }

    [Fact]
    public void BridgesOfDockersComeAndGo()
    {
        _host.RunProgram("iptables-nft", "-P", "FORWARD", "DROP");
        Ensure();
        Docker();
        Assert.Equal(0, Ensure()); // nothing was closed, so there is nothing to tell
        Assert.Equal("-A FORWARD -i berth0 -o docker0 -j RETURN", WithoutComment(Rules("FORWARD")[^3]));
        _host.RunProgram("iptables-nft", "-D", "FORWARD", "-o", "docker0", "-j", "DOCKER");
        Assert.Equal(0, Ensure());
        Assert.Equal(3, Rules("FORWARD").Length);
    }

    [Theory]
    [InlineData("DROP")]
    [InlineData("ACCEPT")]
    public void WhatEarlierBuildsPutInFrontGoes(string policy)
    {
        Docker();
        _host.RunProgram("iptables-nft", "-P", "FORWARD", policy);
        foreach (string chain in (string[])["FORWARD", "DOCKER-USER"])
        {
            new NfTransaction()
                .Insert(NfFamily.Ip, "filter", chain, new NfRule("berth: berth0", new NfStatement.Interface(Input: true, "berth0"), new NfStatement.Accept()))
                .Insert(NfFamily.Ip, "filter", chain, new NfRule("berth: berth0", new NfStatement.Interface(Input: false, "berth0"), new NfStatement.Accept()))
                .Commit(_socket);
        }

        Assert.Equal(policy == "DROP" ? 1 : 0, Ensure());
        Assert.Equal(["-N DOCKER-USER", "-A DOCKER-USER -j RETURN"], Rules("DOCKER-USER"));
        Assert.Equal("-A FORWARD -o docker0 -j DOCKER", Rules("FORWARD")[1]);
        Assert.Equal(policy == "DROP" ? 5 : 2, Rules("FORWARD").Length);
    }

    // As dockerd 20.10 does when it starts.
    private void Docker()
    {
        _host.RunProgram("iptables-nft", "-N", "DOCKER-USER");
        _host.RunProgram("iptables-nft", "-A", "DOCKER-USER", "-j", "RETURN");
        _host.RunProgram("iptables-nft", "-N", "DOCKER");
        _host.RunProgram("iptables-nft", "-I", "FORWARD", "-o", "docker0", "-j", "DOCKER");
    }

    private int Ensure() => ForeignForward.Ensure(_socket, NfFamily.Ip, ["berth0"]);

    private string[] Rules(string chain) => _host.RunProgram("iptables-nft", "-S", chain).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string WithoutComment(string rule) => System.Text.RegularExpressions.Regex.Replace(rule, " -m comment --comment \"[^\"]*\"", "");
}
