using System.Net;

using Berth.Network.Addresses;

using CsCheck;

namespace Berth.Network.Tests.Addresses;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("10.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.011")]
    [InlineData("167772161")]
    [InlineData("10.0.0.256")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[fd00::1]")]
    [InlineData("")]
    public void WhatIsNoPlainAddressIsNone(string text)
    {
        Assert.False(AddressText.TryParse(text, out IPAddress? address));
        Assert.Null(address);
        Assert.False(AddressText.TryParseSubnet(text + "/24", out _));
    }

    [Fact]
    public void EveryAddressIsReadAsItIsWritten()
    {
        Gen.Byte.Array[4].Sample(bytes => Reads(new IPAddress(bytes)));
        Gen.Byte.Array[16].Where(b => b[0] != 0).Sample(bytes => Reads(new IPAddress(bytes)));
    }

    [Theory]
    [InlineData("10.5.0.0/16", "10.5.0.0/16")]
    [InlineData("10.5.0.1/16", "10.5.0.0/16")]
    [InlineData("fd00::1/64", "fd00::/64")]
    [InlineData("::/0", "::/0")]
    [InlineData("010.5.0.0/16", null)]
    [InlineData("10.5.0.0/33", null)]
    [InlineData("10.5.0.0/ 8", null)]
    [InlineData("10.5.0.0", null)]
    public void SubnetsHaveALength(string text, string? subnet) => Assert.Equal(subnet, AddressText.TryParseSubnet(text, out IPNetwork read) ? read.ToString() : null);

    private static bool Reads(IPAddress address) => AddressText.TryParse(address.ToString(), out IPAddress? read) && read.Equals(address);
}
