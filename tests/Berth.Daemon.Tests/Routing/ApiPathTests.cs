using Berth.Daemon.Routing;

namespace Berth.Daemon.Tests.Routing;

public sealed class ApiPathTests
{
    [Theory]
    [InlineData("/v1.41/info", 1, 41, "/info")]
    [InlineData("/v1.24/containers/v1/json", 1, 24, "/containers/v1/json")]
    [InlineData("/info", 1, 52, "/info")]
    [InlineData("/volumes", 1, 52, "/volumes")]
    [InlineData("/volumes/v1", 1, 52, "/volumes/v1")]
    [InlineData("/v1.41", 1, 52, "/v1.41")]
    [InlineData("/v1.x/info", 1, 52, "/v1.x/info")]
    [InlineData("/", 1, 52, "/")]
    public void SplitsTheVersion(string path, int major, int minor, string rest) =>
        Assert.Equal(new ApiPath(new ApiVersion(major, minor), rest), ApiPath.Parse(path));
}
