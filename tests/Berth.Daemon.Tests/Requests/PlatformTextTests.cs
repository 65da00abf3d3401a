using Berth.Daemon.Requests;
using Berth.Storage;

namespace Berth.Daemon.Tests.Requests;

/// <summary>The platform that a request names.</summary>
public sealed class PlatformTextTests
{
    [Theory]
    [InlineData("linux/arm64", "linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("Linux/AARCH64", "linux/arm64")]
    [InlineData("arm64", "linux/arm64")]
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
    [InlineData("linux/")]
    [InlineData("a/b/c/d")]
    [InlineData("bogus")]
    public void OthersAreRefused(string text) => Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => PlatformText.Parse(text)).Kind);

    [Fact]
    public void AWordThatIsNeitherHalfIsNamed() => Assert.StartsWith(
        "\"bogus\": unknown operating system or architecture", Assert.Throws<EngineException>(() => PlatformText.Parse("bogus")).Message, StringComparison.Ordinal);

    [Fact]
    public void AnOperatingSystemAloneMeansThisMachine() =>
        Assert.Equal(Berth.Daemon.Endpoints.Host.VersionFacts.Architecture, PlatformText.Parse("linux")!.Architecture);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void NoneIsNone(string? text) => Assert.Null(PlatformText.Parse(text));
}
