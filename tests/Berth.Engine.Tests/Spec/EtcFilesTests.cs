using Berth.Engine.Spec;
using Berth.Storage;

namespace Berth.Engine.Tests.Spec;

public sealed class EtcFilesTests
{
    private const string Localhost = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

    [Fact]
    public void HostsNameTheContainerAndItsExtras()
    {
        Assert.Equal(Localhost, HostsFile.Build(null, "web", null, [], null, null));
        Assert.Equal(Localhost + "172.18.0.2\tweb\n", HostsFile.Build(null, "web", "", ["172.18.0.2"], null, null));
        Assert.Equal(
            Localhost + "10.0.0.1\tdb\n172.18.0.1\tgate\n::1\tsix\n172.18.0.2\tweb.example.org web\n",
            HostsFile.Build(null, "web", "example.org", ["172.18.0.2"], "172.18.0.1", ["db:10.0.0.1", "gate:host-gateway", "six=[::1]"]));
        Assert.Equal("1.2.3.4\thost\n5.6.7.8\tx\n", HostsFile.Build("1.2.3.4\thost", "h", null, [], null, ["x:5.6.7.8"]));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(":1.2.3.4")]
    [InlineData("a b:1.2.3.4")]
    [InlineData("x\n:1.2.3.4")]
    [InlineData("x:nope")]
    public void BadExtrasAreRefused(string extra) => Assert.Throws<EngineException>(() => HostsFile.ParseExtra(extra));

    [Fact]
    public void ResolversOfTheHostThatAContainerCannotReachAreLeftOut()
    {
        const string host = "# comment\nnameserver 127.0.0.53\nnameserver 9.9.9.9\nnameserver ::1\nsearch a b\noptions ndots:2\n";
        Assert.Equal("nameserver 9.9.9.9\nsearch a b\noptions ndots:2\n", ResolvConf.Build(host, false, null, null, null));
        Assert.Equal("nameserver 127.0.0.53\nnameserver 9.9.9.9\nnameserver ::1\nsearch a b\noptions ndots:2\n", ResolvConf.Build(host, true, null, null, null));
    }

    [Fact]
    public void WithoutAnyTheFallbackIsUsed() => Assert.Equal("nameserver 8.8.8.8\nnameserver 8.8.4.4\n", ResolvConf.Build("nameserver 127.0.0.1\n", false, null, null, null));

    [Fact]
    public void OptionsReplaceTheHosts() => Assert.Equal(
        "nameserver 1.1.1.1\noptions rotate\n", ResolvConf.Build("nameserver 9.9.9.9\nsearch a\noptions ndots:2\n", false, ["1.1.1.1"], ["."], ["rotate"]));

    [Fact]
    public void AStubIsKnown()
    {
        Assert.True(ResolvConf.IsLocalStub("nameserver 127.0.0.53\noptions edns0\n"));
        Assert.False(ResolvConf.IsLocalStub("nameserver 127.0.0.53\nnameserver 1.1.1.1\n"));
        Assert.False(ResolvConf.IsLocalStub(""));
    }

    [Fact]
    public void OwnLinesFollowTheContainersNetworksAndOthersStay()
    {
        string text = HostsFile.Build(null, "web", "example.org", ["10.0.0.2"], null, null) + "192.0.2.9\tmine\n";
        string moved = HostsFile.Replace(text, [HostsFile.OwnLine("10.0.0.2", "web", "example.org")], [HostsFile.OwnLine("10.1.0.2", "web", "example.org")]);
        Assert.Equal(Localhost + "192.0.2.9\tmine\n10.1.0.2\tweb.example.org web\n", moved);
        Assert.Equal(moved, HostsFile.Replace(moved, [], [HostsFile.OwnLine("10.1.0.2", "web", "example.org")]));
    }
}
