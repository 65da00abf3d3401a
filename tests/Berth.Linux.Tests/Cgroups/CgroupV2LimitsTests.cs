using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

/// <summary>Conversions to v2's files, on a folder that only looks like a cgroup.</summary>
public sealed class CgroupV2LimitsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-v2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MemoryAndSwap()
    {
        Apply(new CgroupResources { MemoryLimit = 64 << 20, MemorySwap = 96 << 20, MemoryReservation = 1 << 20 }, "memory.max", "memory.swap.max", "memory.low");
        Assert.Equal("67108864", Read("memory.max"));
        Assert.Equal("33554432", Read("memory.swap.max"));
        Assert.Equal("1048576", Read("memory.low"));
    }

    [Fact]
    public void NoLimitIsMax()
    {
        Apply(new CgroupResources { MemoryLimit = -1, MemorySwap = -1, PidsLimit = -1 }, "memory.max", "memory.swap.max", "pids.max");
        Assert.Equal(["max", "max", "max"], [Read("memory.max"), Read("memory.swap.max"), Read("pids.max")]);
    }

    [Theory]
    [InlineData(2, "1")]
    [InlineData(1024, "39")]
    [InlineData(262144, "10000")]
    [InlineData(999999, "10000")]
    public void SharesBecomeAWeight(ulong shares, string weight)
    {
        Apply(new CgroupResources { CpuShares = shares }, "cpu.weight");
        Assert.Equal(weight, Read("cpu.weight"));
    }

    [Theory]
    [InlineData(50000L, 100000UL, "50000 100000")]
    [InlineData(-1L, 100000UL, "max 100000")]
    [InlineData(20000L, null, "20000")]
    public void QuotaAndPeriodAreOneFile(long quota, ulong? period, string text)
    {
        Apply(new CgroupResources { CpuQuota = quota, CpuPeriod = period }, "cpu.max");
        Assert.Equal(text, Read("cpu.max"));
    }

    [Fact]
    public void BlockDevicesAndRawFiles()
    {
        var resources = new CgroupResources
        {
            BlkioWeight = 1000,
            BlkioRates = [new CgroupDeviceRate("wiops", 8, 0, 100)],
            Unified = new Dictionary<string, string> { ["memory.high"] = "5M" },
        };
        Apply(resources, "io.weight", "io.max", "memory.high");
        Assert.Equal(["default 10000", "8:0 wiops=100", "5M"], [Read("io.weight"), Read("io.max"), Read("memory.high")]);
    }

    [Fact]
    public void WhatTheHostHasNotIsNamed()
    {
        LinuxException missing = Assert.Throws<LinuxException>(() => Apply(new CgroupResources { PidsLimit = 5 }));
        Assert.Contains("pids.max", missing.Message, StringComparison.Ordinal);
        Assert.Throws<LinuxException>(() => Apply(new CgroupResources { CpuRealtimeRuntime = 1 }));
        Assert.Throws<LinuxException>(() => Apply(new CgroupResources { MemoryLimit = 100, MemorySwap = 50 }, "memory.max", "memory.swap.max"));
        Assert.Throws<LinuxException>(() => Apply(new CgroupResources { Unified = new Dictionary<string, string> { ["../../x"] = "1" } }));
    }

    private void Apply(CgroupResources resources, params string[] files)
    {
        Array.ForEach(files, f => File.WriteAllText($"{_folder}/{f}", ""));
        new CgroupV2Limits(_folder).Apply(resources);
    }

    private string Read(string file) => File.ReadAllText($"{_folder}/{file}");
}
