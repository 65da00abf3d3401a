using System.Globalization;

using Berth.Storage;

namespace Berth.Engine.Tests.Networks;

public sealed class UntilTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("24h", "2026-02-28T12:00:00Z")]
    [InlineData("1h30m", "2026-03-01T10:30:00Z")]
    [InlineData("1.5h", "2026-03-01T10:30:00Z")]
    [InlineData("10m5s", "2026-03-01T11:49:55Z")]
    [InlineData("500ms", "2026-03-01T11:59:59.5Z")]
    [InlineData("24", "1970-01-01T00:00:24Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1000000000", "2001-09-09T01:46:40Z")]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    public void AnInstantOrHowLongAgo(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), UntilTime.Parse(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("24x")]
    [InlineData("-")]
    [InlineData("yesterday")]
    [InlineData("99999999999999h")]
    [InlineData("99999999999999999999")]
    public void WhatIsNeitherIsRefused(string text)
    {
        EngineException refused = Assert.Throws<EngineException>(() => UntilTime.Parse(text, Now));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }
}
