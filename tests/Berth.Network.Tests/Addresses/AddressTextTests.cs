namespace Berth.Network.Tests.Addresses;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.9.0.1/24", "10.9.0.0/24")]
    [InlineData("172.18.3.7/16", "172.18.0.0/16")]
    [InlineData("192.168.0.2/30", "192.168.0.0/30")]
    public void ABridgeAddressKnowsItsSubnet(string text, string subnet)
    {
        Assert.True(BridgeAddress.TryParse(text, out BridgeAddress? address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(subnet, address.Subnet.ToString());
    }

    [Theory]
    [InlineData("10.9.0.1")]
    [InlineData("10.9.0.0/24")] // the subnet's own
    [InlineData("10.9.0.255/24")] // broadcast
    [InlineData("10.9.0.1/31")]
    [InlineData("10.9.0.1/0")]
    [InlineData("10.9.0.1/+24")]
    [InlineData("fd00::1/64")]
    [InlineData("/24")]
    public void WhatIsNoBridgeAddressIsRefused(string text) => Assert.False(BridgeAddress.TryParse(text, out _));

    [Fact]
    public void TheHardwareAddressFollowsTheIpAddress() =>
        Assert.Equal("02:42:ac:11:00:02", MacAddress.Of(System.Net.IPAddress.Parse("172.17.0.2")).ToString());

    [Theory]
    [InlineData("02:42:ac:11:00:02", true)]
    [InlineData("92-D0-C6-0A-29-33", true)]
    [InlineData("01:00:5e:00:00:01", false)] // a group's
    [InlineData("00:00:00:00:00:00", false)] // nobody's
    [InlineData("02:42:ac:11:00", false)]
    [InlineData("02:42:ac:11:00:2", false)]
    [InlineData("02:42:ac:11:00:zz", false)]
    [InlineData("", false)]
    public void HardwareAddressesAreRead(string text, bool good)
    {
        Assert.Equal(good, MacAddress.TryParse(text, out MacAddress? address));
        Assert.Equal(good ? text.ToLowerInvariant().Replace('-', ':') : null, address?.ToString());
    }
}
