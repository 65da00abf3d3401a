using Berth.Engine.Links;

namespace Berth.Engine.Tests.Links;

public sealed class LinkedHostsTests
{
    private const string Before = "127.0.0.1\tlocalhost\n1.2.3.4\tdb\n172.30.0.2\tdb dbhost\n172.30.0.3\tcache 0a1b2c3d4e5f redis\n172.30.0.4\tweb\n# mine\n5.6.7.8 extra more\n";

    private static readonly HostsEntry Cache = new("172.30.0.3", ["cache", "0a1b2c3d4e5f", "redis"]);

    [Fact]
    public void OnlyTheLinksLinesChange() => Assert.Equal(
        Before.Replace("172.30.0.2", "172.30.0.9", StringComparison.Ordinal),
        LinkedHosts.Update(Before, ["db", "cache"], [new HostsEntry("172.30.0.9", ["db", "dbhost"]), Cache]));

    [Fact]
    public void WhoIsGoneHasNoLine() =>
        Assert.Equal(Before.Replace("172.30.0.2\tdb dbhost\n", "", StringComparison.Ordinal), LinkedHosts.Update(Before, ["db", "cache"], [Cache]));

    [Fact]
    public void WhoComesBackHasOne()
    {
        Assert.Equal("::1\tx\n172.30.0.3\tcache 0a1b2c3d4e5f redis\n", LinkedHosts.Update("::1\tx\n", ["cache"], [Cache]));
        Assert.Equal("::1\tx\n172.30.0.3\tcache 0a1b2c3d4e5f redis", LinkedHosts.Update("::1\tx", ["cache"], [Cache]));
    }

    [Fact]
    public void NothingToDoIsNothingDone() => Assert.Equal(Before, LinkedHosts.Update(Before, ["nope"], []));
}
