using Berth.Linux.NfTables;
using Berth.Network.Firewall;

using CsCheck;

namespace Berth.Network.Tests.Firewall;

public sealed class RepairPaceTests
{
    [Fact]
    public void ABurstWaitsATenthOfASecond()
    {
        var pace = new RepairPace();
        Assert.Equal(RepairPace.Shortest, pace.Delay);
        Assert.False(pace.Repaired(0));
        Assert.Equal(RepairPace.Shortest, pace.Delay);
    }

    [Fact]
    public void AStruggleIsToldOnceAndEndsWithPeace()
    {
        var pace = new RepairPace();
        long now = 0;
        var told = 0;
        for (int i = 0; i < 50; i++)
        {
            now += pace.Delay;
            told += pace.Repaired(now) ? 1 : 0;
        }

        Assert.Equal(1, told);
        Assert.Equal(RepairPace.Longest, pace.Delay);
        pace.Repaired(now + pace.Delay + RepairPace.Peace);
        Assert.Equal(RepairPace.Shortest, pace.Delay);
    }

    [Fact]
    public void NeverMoreThanAPatienceAndNeverGivenUp() => Gen.Int[0, 30_000].Array[0, 200].Sample(gaps =>
    {
        var pace = new RepairPace();
        long now = 0;
        foreach (int gap in gaps)
        {
            Assert.InRange(pace.Delay, RepairPace.Shortest, RepairPace.Longest);
            now += pace.Delay + gap;
            pace.Repaired(now);
        }
    });

    [Theory]
    [InlineData(NfChangeKind.TableRemoved, NfFamily.Inet, "berth-b", "", FirewallDamage.Table)]
    [InlineData(NfChangeKind.RuleAdded, NfFamily.Inet, "berth-b", "forward", FirewallDamage.Table)]
    [InlineData(NfChangeKind.ElementsRemoved, NfFamily.Inet, "berth-b", "any4", FirewallDamage.Table)]
    [InlineData(NfChangeKind.TableRemoved, NfFamily.Ip, "berth-b", "", FirewallDamage.Exceptions)] // another family: another table, but a table that went
    [InlineData(NfChangeKind.ElementsRemoved, NfFamily.Inet, "berth-c", "any4", FirewallDamage.None)]
    [InlineData(NfChangeKind.RuleRemoved, NfFamily.Ip, "filter", "FORWARD", FirewallDamage.Exceptions)]
    [InlineData(NfChangeKind.RuleRemoved, NfFamily.Ip6, "filter", "DOCKER-USER", FirewallDamage.None)]
    [InlineData(NfChangeKind.RuleRemoved, NfFamily.Ip, "filter", "INPUT", FirewallDamage.None)]
    [InlineData(NfChangeKind.RuleAdded, NfFamily.Ip, "filter", "FORWARD", FirewallDamage.Exceptions)]
    [InlineData(NfChangeKind.ChainAdded, NfFamily.Ip, "filter", "FORWARD", FirewallDamage.Exceptions)]
    internal void OthersChangesAreTold(NfChangeKind kind, NfFamily family, string table, string name, FirewallDamage damage) =>
        Assert.Equal(damage, FirewallDamages.Of(new NfChange(kind, family, table, name, 1), "berth-b"));
}
