using Berth.Api;
using Berth.Engine.Mounts;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Mounts;

public sealed class MountParsingTests
{
    [Fact]
    public void BindsAreOfThreeKinds()
    {
        Assert.Equal(new ContainerMount { Kind = MountKind.Volume, Destination = "/data", Anonymous = true }, BindParser.Parse("/data"));
        Assert.Equal(new ContainerMount { Kind = MountKind.Volume, Destination = "/data", Volume = "vol", Mode = "z" }, BindParser.Parse("vol:/data"));
        Assert.Equal(
            new ContainerMount { Kind = MountKind.Bind, Destination = "/x", HostPath = "/tmp", MakeHostPath = true, ReadOnly = true, Mode = "ro,rslave", Propagation = "rslave" },
            BindParser.Parse("/tmp/.:/y/../x:ro,rslave"));
    }

    [Theory]
    [InlineData("", "invalid volume specification: ''")]
    [InlineData("a:b:c:d", "invalid volume specification: 'a:b:c:d'")]
    [InlineData("vol:data", "invalid mount path: 'data' mount path must be absolute")]
    [InlineData("/tmp:/", "destination can't be '/'")]
    [InlineData("/tmp:/a/..", "destination can't be '/'")]
    [InlineData("../up:/x", "includes invalid characters for a local volume name")]
    [InlineData("/tmp:/x:rx", "invalid mode: rx")]
    [InlineData("/tmp:/x:ro,rw", "invalid mode: ro,rw")]
    [InlineData("/tmp:/x:nocopy", "invalid mode: nocopy")]
    [InlineData("vol:/x:shared", "invalid mode: shared")]
    public void BadBindsAreRefused(string bind, string message) =>
        Assert.Contains(message, Assert.Throws<EngineException>(() => BindParser.Parse(bind)).Message, StringComparison.Ordinal);

    [Fact]
    public void MountOptionsOfEachTypeAreRead()
    {
        ContainerMount bind = MountOptionParser.Parse(new Mount { Type = "bind", Source = "/a", Target = "/b", ReadOnly = true, BindOptions = new MountBindOptions { NonRecursive = true } });
        Assert.True(bind is { Kind: MountKind.Bind, HostPath: "/a", ReadOnly: true, NonRecursive: true, MakeHostPath: false, FromMountOption: true });
        ContainerMount volume = MountOptionParser.Parse(new Mount { Type = "volume", Target = "/b", VolumeOptions = new MountVolumeOptions { NoCopy = true } });
        Assert.True(volume is { Kind: MountKind.Volume, Anonymous: true, NoCopy: true });
        ContainerMount tmpfs = MountOptionParser.Parse(new Mount { Type = "tmpfs", Target = "/b", TmpfsOptions = new MountTmpfsOptions { SizeBytes = 4096, Mode = 511 } });
        Assert.Equal("mode=777,size=4096", tmpfs.TmpfsOptions);
    }

    [Theory]
    [InlineData("bind", "", "/b", "field Source must not be empty")]
    [InlineData("bind", "rel", "/b", "invalid mount path: 'rel' mount path must be absolute")]
    [InlineData("bind", "/a", "", "field Target must not be empty")]
    [InlineData("tmpfs", "/a", "/b", "field Source must not be specified")]
    [InlineData("wrong", "", "/b", "mount type unknown")]
    public void BadMountOptionsAreRefused(string type, string source, string target, string message) => Assert.Equal(
        $"invalid mount config for type \"{type}\": {message}",
        Assert.Throws<EngineException>(() => MountOptionParser.Parse(new Mount { Type = type, Source = source, Target = target })).Message);

    [Fact]
    public void UsersMountsTakeTheImagesPlaceAndComeByDepth()
    {
        var host = new HostConfig { Binds = ["/tmp:/data", "vol:/a/b/c"], Tmpfs = new Dictionary<string, string> { ["/run"] = "size=1m" }, VolumesFrom = ["web:ro"] };
        IReadOnlyList<ContainerMount> mounts = MountSet.Of(host, ["/data", "/var/lib"], _ => [new ContainerMount { Kind = MountKind.Volume, Volume = "w", Anonymous = true, Destination = "/w" }]);
        Assert.Equal(["/data", "/run", "/w", "/var/lib", "/a/b/c"], mounts.Select(m => m.Destination));
        Assert.Equal(MountKind.Bind, mounts[0].Kind);
        Assert.True(mounts[2] is { ReadOnly: true, Anonymous: false, Volume: "w" });
        Assert.True(mounts[3] is { Anonymous: true, Volume: null });
    }

    [Fact]
    public void TwoMountsOnOnePlaceAreRefused() => Assert.Equal(
        "Duplicate mount point: /x",
        Assert.Throws<EngineException>(() => MountSet.Of(new HostConfig { Binds = ["/tmp:/x", "vol:/x/"] }, [], _ => [])).Message);

    [Theory]
    [InlineData("/a//b/./c/", "/a/b/c")]
    [InlineData("/../../x", "/x")]
    [InlineData("/", "/")]
    [InlineData("", ".")]
    [InlineData("a/../../b", "../b")]
    public void PathsAreCleaned(string path, string clean) => Assert.Equal(clean, CleanPath.Of(path));

    [Fact]
    public void CleanPathsStayCleanAndInside() =>
        Gen.String[Gen.Char["/.ab"], 0, 20].Sample(p =>
        {
            string clean = CleanPath.Of("/" + p);
            return clean == CleanPath.Of(clean) && clean[0] == '/' && !clean.Split('/').Contains("..") && !clean.Contains("//", StringComparison.Ordinal);
        });
}
