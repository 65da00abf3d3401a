using Berth.Engine.Networks.Checks;
using Berth.Storage;

namespace Berth.Engine.Tests.Networks;

public sealed class CheckedPortTests
{
    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("80/tcp", "80/tcp")]
    [InlineData("53/UDP", "53/udp")]
    [InlineData("65535/sctp", "65535/sctp")]
    public void IsRead(string text, string shown) => Assert.Equal(shown, CheckedPort.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void MayBeLeftOut(string? text) => Assert.Null(CheckedPort.Parse(text));

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("80-90")]
    [InlineData("http")]
    [InlineData("80/icmp")]
    [InlineData("80/")]
    [InlineData("/tcp")]
    public void IsRefusedByName(string text) =>
        Assert.Equal($"invalid port \"{text}\": one port is wanted, as 80, 53/udp or 80/tcp", Assert.Throws<EngineException>(() => CheckedPort.Parse(text)).Message);
}
