using Berth.Linux.NfTables;

namespace Berth.Network.Tests.Observation;

/// <summary>What others' forward chains do to packets of our bridges, as the kernel has them.</summary>
public sealed class ForeignForwardingTests
{
    private const string Accepts = "", Policy = "policy", Rule = "rule", MayPolicy = "policy?", MayRule = "rule?";

    [Theory]
    [InlineData("policy accept;", Accepts)]
    [InlineData("policy drop;", Policy)]
    [InlineData("policy drop; ct state established,related accept;", Policy)]
    [InlineData("policy drop; iifname berth0 accept;", Accepts)]
    [InlineData("policy drop; oifname berth0 accept; iifname other accept;", Policy)]
    [InlineData("policy drop; oifname br1 accept;", Accepts)]
    [InlineData("policy drop; iifname berth0 oifname eth9 accept;", Policy)]
    [InlineData("policy accept; drop;", Rule)]
    [InlineData("policy accept; ct state invalid drop;", Accepts)]
    [InlineData("policy accept; iifname berth0 drop;", MayRule)]
    [InlineData("policy accept; iifname eth9 drop;", Accepts)]
    [InlineData("policy accept; ip saddr 192.0.2.1 drop;", Accepts)]
    [InlineData("policy accept; iifname berth0 accept; reject;", Accepts)]
    [InlineData("policy accept; jump more;", Rule)]
    [InlineData("policy accept; iifname berth0 goto some; drop;", Accepts)] // does not come back
    [InlineData("policy drop; iifname berth0 goto some;", MayPolicy)]
    public async Task AChainsRulesAreFollowed(string chain, string expected)
    {
        using var host = new TestHost();
        await using NetworkService service = await host.StartAsync();
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $$"""
            table inet site {
                chain more { counter; drop; }
                chain some { counter; }
                chain forward {
                    type filter hook forward priority 10; {{chain}}
                }
            }
            """);
        host.RunProgram("nft", "-f", file);
        File.Delete(file);
        ForeignForwarding seen = (await service.Observer.HostAsync()).Foreign;
        Assert.DoesNotContain(seen.Chains, c => c.Table == "berth-berth0");
        Assert.Equal(expected, Text(seen.Between("berth0", "br1")));
    }

    /// <summary>Each family has its own; Docker's chain lets our bridges pass by the exceptions that stand in it, firewalld's zones have them.</summary>
    [Fact]
    public void OthersAreNoConcern()
    {
        NfChainInfo Chain(NfFamily family, string table, NfHook? hook = NfHook.Forward) => new(table, "c", DropsByDefault: true) { Family = family, Hook = hook };
        ForeignForwarding Of(params NfChainInfo[] chains) => new(chains, [], FiltersBridges: false);
        Assert.Equal(Policy, Text(Of(Chain(NfFamily.Ip, "filter")).Between("a", "b")));
        Assert.Equal(Accepts, Text(Of(Chain(NfFamily.Ip6, "filter")).Between("a", "b")));
        Assert.Equal(Policy, Text(Of(Chain(NfFamily.Ip6, "filter")).Between("a", "b", ipv6: true)));
        Assert.Equal(Accepts, Text(Of(Chain(NfFamily.Inet, "firewalld"), Chain(NfFamily.Inet, "site", NfHook.Input), Chain(NfFamily.Inet, "site", null)).Between("a", "b")));
        NfRuleInfo ours = new("filter", "c", 1, "berth: out of a") { Family = NfFamily.Ip, Meaning = new NfRuleMeaning { Narrower = true, InputInterface = "a", Verdict = NfRuleVerdict.Accept } };
        Assert.Equal(Accepts, Text((Of(Chain(NfFamily.Ip, "filter")) with { Rules = [ours] }).Between("a", "b")));
        Assert.Equal(Policy, Text((Of(Chain(NfFamily.Ip, "filter")) with { Rules = [ours] }).Between("c", "b")));
    }

    private static string Text(IEnumerable<ForwardRefusal> refusals) => string.Join(' ', refusals.Select(r => (r.ByPolicy ? "policy" : "rule") + (r.Sure ? "" : "?")));
}
