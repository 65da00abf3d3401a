using System.Net;

using Berth.Cli.Specs;

using CsCheck;

namespace Berth.Cli.Tests.Specs;

/// <summary>What belongs to which subnet. The texts are those of Docker's client 28.2.</summary>
public sealed class SubnetSpecTests
{
    [Fact]
    public void EachIsPutWithTheSubnetItLiesIn()
    {
        IReadOnlyList<SubnetSpec> groups = SubnetSpec.Group(
            ["10.1.0.0/16", "10.2.0.0/16", "fd00::/64"], ["10.2.3.0/24", "fd00::1:0/112"], ["fd00::1", "10.1.0.1", "10.2.0.1"],
            [new("a", "10.1.0.5"), new("b", "fd00::5"), new("c", "10.1.0.6")]);
        Assert.Equal(["10.1.0.0/16  10.1.0.1 a=10.1.0.5,c=10.1.0.6", "10.2.0.0/16 10.2.3.0/24 10.2.0.1 ", "fd00::/64 fd00::1:0/112 fd00::1 b=fd00::5"], groups.Select(Show));
    }

    [Fact]
    public void ASingleSubnetGoesUnread() => Assert.Equal("foo   ", Show(Assert.Single(SubnetSpec.Group(["foo"], [], [], []))));

    [Theory]
    [InlineData("", "10.1.0.0/24", "", "", "every ip-range or gateway must have a corresponding subnet")]
    [InlineData("", "", "10.1.0.1", "", "every ip-range or gateway must have a corresponding subnet")]
    [InlineData("10.1.0.0/16", "", "10.1.0.1 10.1.0.2", "", "every ip-range or gateway must have a corresponding subnet")]
    [InlineData("10.1.0.0/16 10.1.2.0/24", "", "", "", "multiple overlapping subnet configuration is not supported")]
    [InlineData("10.1.2.0/24 10.1.0.0/16", "", "", "", "multiple overlapping subnet configuration is not supported")]
    [InlineData("10.1.0.0/16 10.1.0.0/16", "", "", "", "multiple overlapping subnet configuration is not supported")]
    [InlineData("10.1.0.0 10.2.0.0/16", "", "", "", "invalid subnet: invalid CIDR address: 10.1.0.0")]
    [InlineData("foo", "", "1.2.3.4", "", "invalid subnet: invalid CIDR address: foo")]
    [InlineData("10.1.0.0/33", "", "10.1.0.1", "", "invalid subnet: invalid CIDR address: 10.1.0.0/33")]
    [InlineData("10.1.0.0/16", "10.1.0.0/33", "", "", "invalid CIDR address: 10.1.0.0/33")]
    [InlineData("10.1.0.0/16", "foo", "", "", "no matching subnet for range foo")]
    [InlineData("10.1.0.0/16", "10.3.0.0/24", "", "", "no matching subnet for range 10.3.0.0/24")]
    [InlineData("10.1.0.0/16 10.2.0.0/16", "10.1.0.0/24 10.1.1.0/24", "", "", "cannot configure multiple ranges (10.1.1.0/24, 10.1.0.0/24) on the same subnet (10.1.0.0/16)")]
    [InlineData("10.1.0.0/16 10.2.0.0/16", "", "10.1.0.1 10.1.0.2", "", "cannot configure multiple gateways (10.1.0.2, 10.1.0.1) for the same subnet (10.1.0.0/16)")]
    [InlineData("10.1.0.0/16", "", "10.2.0.1", "", "no matching subnet for gateway 10.2.0.1")]
    [InlineData("10.1.0.0/16", "", "10.1.0.001", "", "no matching subnet for gateway 10.1.0.001")]
    [InlineData("10.1.0.0/16", "", "fd00::1", "", "no matching subnet for gateway fd00::1")]
    [InlineData("10.1.0.0/16", "", "", "10.2.0.1", "no matching subnet for aux-address 10.2.0.1")]
    [InlineData("10.1.0.0/16", "", "", "foo", "no matching subnet for aux-address foo")]
    public void RefusesWhatFitsNoSubnet(string subnets, string ranges, string gateways, string auxiliary, string message) => Assert.Equal(
        message,
        Assert.Throws<SpecException>(() => SubnetSpec.Group(Words(subnets), Words(ranges), Words(gateways), Words(auxiliary).Select(a => KeyValuePair.Create("a", a)))).Message);

    /// <summary>An address lies in its own network of any length, and no longer when a bit of the prefix is turned.</summary>
    [Fact]
    public void APrefixHoldsWhatSharesItsBits() => Gen.Select(Gen.Byte.Array[4], Gen.Byte.Array[16], Gen.Bool, Gen.Int[1, 128], Gen.Int[0, 127]).Sample((v4, v6, six, length, turned) =>
    {
        byte[] bytes = six ? v6 : v4;
        int bits = Math.Min(length, bytes.Length * 8);
        int bit = turned % (bytes.Length * 8);
        byte[] other = [.. bytes];
        other[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        var prefix = IpPrefix.Parse($"{new IPAddress(bytes)}/{bits}");
        return prefix.Contains(new IPAddress(bytes)) && prefix.Contains(new IPAddress(other)) == (bit >= bits) && !prefix.Contains(new IPAddress(six ? v4 : v6));
    });

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0/8")]
    [InlineData("fe80::%1/64")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/4294967304")]
    public void NoPrefix(string text) => Assert.Equal($"invalid CIDR address: {text}", Assert.Throws<SpecException>(() => IpPrefix.Parse(text)).Message);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Show(SubnetSpec g) => $"{g.Subnet} {g.Range} {g.Gateway} {string.Join(',', g.Auxiliary.Select(a => $"{a.Key}={a.Value}"))}";
}
