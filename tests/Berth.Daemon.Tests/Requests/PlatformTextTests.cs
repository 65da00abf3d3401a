using Berth.Daemon.Requests;
using Berth.Storage;

namespace Berth.Daemon.Tests.Requests;

/// <summary>The platform of a push, a save and a load.</summary>
public sealed class PlatformTextTests
{
    [Theory]
    [InlineData("linux/arm64", "linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("""{"architecture":"arm64","os":"linux"}""", "linux/arm64")]
    [InlineData("""{"architecture":"ARM64","os":"Linux","variant":""}""", "linux/arm64")]
    [InlineData("""{"architecture":"arm","os":"linux","variant":"v7","os.version":"1"}""", "linux/arm/v7")]
    public void BothFormsAreRead(string text, string platform) => Assert.Equal(platform, PlatformText.Parse(text)!.ToString());

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"os":"linux"}""")]
    [InlineData("{")]
    [InlineData("""{"os":1,"architecture":"arm"}""")]
    [InlineData("linux//v7")]
    public void OthersAreRefused(string text) => Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => PlatformText.Parse(text)).Kind);

    [Fact]
    public void NoneIsNone() => Assert.Null(PlatformText.Parse(null));
}
