using System.Net;

using Berth.Network.Addresses;

using CsCheck;

namespace Berth.Network.Tests.Addresses;

public sealed class AddressPoolTests
{
    [Theory]
    [InlineData("base=10.10.0.0/16,size=24", 256, "10.10.0.0/24", "10.10.255.0/24")]
    [InlineData("size=16 , base=10.10.0.0/16", 1, "10.10.0.0/16", "10.10.0.0/16")]
    [InlineData("base=10.10.0.1/16,size=24", 256, "10.10.0.0/24", "10.10.255.0/24")]
    [InlineData("base=10.0.0.0/8,size=30", 65536, "10.0.0.0/30", "10.3.255.252/30")]
    [InlineData("base=fd00::/48,size=64", 65536, "fd00::/64", "fd00:0:0:ffff::/64")]
    [InlineData("base=fd00::/8,size=64", 65536, "fd00::/64", "fd00:0:0:ffff::/64")]
    public void SubnetsComeInOrder(string text, int count, string first, string last)
    {
        IReadOnlyList<IPNetwork> subnets = AddressPool.Parse(text);
        Assert.Equal((count, first, last), (subnets.Count, $"{subnets[0]}", $"{subnets[^1]}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("base=10.10.0.0/16")]
    [InlineData("size=24")]
    [InlineData("base=10.10.0.0/16,size=8")]
    [InlineData("base=10.10.0.0/16,size=31")]
    [InlineData("base=10.10.0.0/16,size=-1")]
    [InlineData("base=10.10.0.0/16,size=24,what=1")]
    [InlineData("base=here,size=24")]
    public void WhatIsNoPoolIsRefused(string text) => Assert.Throws<FormatException>(() => AddressPool.Parse(text));

    [Fact]
    public void SubnetsLieInTheBaseAndApart() => Gen.Select(Gen.Int[8, 24], Gen.Int[0, 6]).Sample((prefix, bits) =>
    {
        var whole = new IPNetwork(IPAddress.Parse("10.0.0.0"), prefix);
        IReadOnlyList<IPNetwork> subnets = AddressPool.Parse($"base={whole},size={prefix + bits}");
        return subnets.Count == 1 << bits && subnets.All(s => whole.Contains(s.BaseAddress)) && subnets.Zip(subnets.Skip(1)).All(p => !IpNumber.Overlap(p.First, p.Second));
    });
}
