using System.Globalization;
using Berth.Daemon.Http;
using CsCheck;

namespace Berth.Daemon.Tests.Http;

public sealed class TimestampsTests
{
    [Theory]
    [InlineData("1700000000", "2023-11-14T22:13:20.0000000Z")]
    [InlineData("1700000000.5", "2023-11-14T22:13:20.5000000Z")]
    [InlineData("1700000000.123456789", "2023-11-14T22:13:20.1234567Z")]
    [InlineData("1700000000.000000001", "2023-11-14T22:13:20.0000000Z")]
    [InlineData("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.0000000Z")]
    [InlineData("2023-11-14T23:13:20+01:00", "2023-11-14T22:13:20.0000000Z")]
    [InlineData("-1", "1969-12-31T23:59:59.0000000Z")]
    public void Reads(string text, string instant)
    {
        Assert.True(Timestamps.TryParse(text, out DateTimeOffset parsed));
        Assert.Equal(instant, parsed.UtcDateTime.ToString("o", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1.2.3")]
    [InlineData("1.-5")]
    [InlineData("99999999999999999")]
    [InlineData("999999999999")]
    public void RefusesWhatIsNone(string text) => Assert.False(Timestamps.TryParse(text, out _));

    [Fact]
    public void NothingThrows() => Gen.String.Sample(text => Timestamps.TryParse(text, out _) || true);
}
