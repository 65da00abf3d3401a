using Berth.Daemon.Routing;
using CsCheck;

namespace Berth.Daemon.Tests.Routing;

public sealed class ApiVersionTests
{
    [Theory]
    [InlineData("1.41", 1, 41)]
    [InlineData("1.5", 1, 5)]
    [InlineData("2", 2, 0)]
    public void Reads(string text, int major, int minor)
    {
        Assert.True(ApiVersion.TryParse(text, out ApiVersion version));
        Assert.Equal(new ApiVersion(major, minor), version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData(".4")]
    [InlineData("1.2.3")]
    [InlineData("1.-4")]
    [InlineData("x")]
    [InlineData("1.99999999999")]
    public void RefusesWhatIsNone(string text) => Assert.False(ApiVersion.TryParse(text, out _));

    [Fact]
    public void ComparesByNumberNotByText() => Assert.True(new ApiVersion(1, 9) < new ApiVersion(1, 24) && new ApiVersion(1, 52) > new ApiVersion(1, 6));

    [Fact]
    public void PrintsWhatItReads() => Gen.Select(Gen.Int[0, 99], Gen.Int[0, 999]).Sample((major, minor) =>
        ApiVersion.TryParse(new ApiVersion(major, minor).ToString(), out ApiVersion back) && back == new ApiVersion(major, minor));

    [Fact]
    public void ServesAllBetweenTheEnds() => Gen.Int[24, 52].Sample(minor => new ApiVersion(1, minor).Refusal() is null);

    [Theory]
    [InlineData(1, 53, "client version 1.53 is too new. Maximum supported API version is 1.52")]
    [InlineData(1, 99, "client version 1.99 is too new. Maximum supported API version is 1.52")]
    [InlineData(2, 0, "client version 2.0 is too new. Maximum supported API version is 1.52")]
    [InlineData(1, 23, "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version")]
    public void RefusesOthersInDockersWords(int major, int minor, string message) => Assert.Equal(message, new ApiVersion(major, minor).Refusal());
}
