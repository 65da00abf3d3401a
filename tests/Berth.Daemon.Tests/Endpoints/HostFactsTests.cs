using Berth.Daemon.Endpoints.Host;

namespace Berth.Daemon.Tests.Endpoints;

public sealed class HostFactsTests
{
    [Fact]
    public void TheSystemsNameIsRead() => Assert.Equal(
        ("Debian GNU/Linux 12 (bookworm)", "12"),
        OsRelease.Parse(["PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "NAME='Debian'", "# comment", "VERSION_ID=\"12\"", ""]));

    [Fact]
    public void ANamelessSystemIsLinux() => Assert.Equal(("Linux", ""), OsRelease.Parse([]));

    [Fact]
    public void Version1ControllersAreThoseMountedAndEnabled() => Assert.Equal(
        ["cpu", "pids"],
        CgroupFacts.ParseVersion1(["#subsys_name\thierarchy\tnum_cgroups\tenabled", "cpu\t2\t1\t1", "memory\t0\t1\t1", "pids\t3\t4\t1", "rdma\t5\t1\t0"]).Order());

    [Fact]
    public void WhatIsMissingIsWarnedOf()
    {
        Assert.Null(new CgroupFacts(true, new HashSet<string> { "memory", "cpuset", "pids" }, true).Warnings());
        Assert.Equal(["WARNING: No memory limit support", "WARNING: No swap limit support"], new CgroupFacts(false, new HashSet<string> { "cpuset", "pids" }, false).Warnings());
    }

    [Fact]
    public void ThisHostHasControllers() => Assert.NotEmpty(CgroupFacts.Read().Controllers);

    [Fact]
    public void TheVersionIsWhole()
    {
        Api.SystemVersion version = VersionFacts.Read();
        Assert.Equal(("1.52", "1.24", "linux"), (version.ApiVersion, version.MinAPIVersion, version.Os));
        Assert.Equal(version.Version, version.Components![0].Version);
    }
}
