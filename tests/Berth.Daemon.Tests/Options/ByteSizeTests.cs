using Berth.Daemon.Options;

namespace Berth.Daemon.Tests.Options;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("10b", 10)]
    [InlineData("2k", 2048)]
    [InlineData("1.5m", 1_572_864)]
    [InlineData("1 MB", 1_048_576)]
    [InlineData("20GiB", 21_474_836_480)]
    [InlineData("1t", 1_099_511_627_776)]
    public void SizesAreRead(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("g")]
    [InlineData("0")]
    [InlineData("-1g")]
    [InlineData("1x")]
    [InlineData("1gx")]
    [InlineData("1bb")]
    [InlineData("1e9")]
    [InlineData("99999999t")]
    [InlineData("NaN")]
    public void WhatIsNoneIsRefused(string text) => Assert.Throws<FormatException>(() => ByteSize.Parse(text));
}
