using Berth.Api;
using Berth.Engine.Spec;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Spec;

public sealed class ResourceLimitsTests
{
    public static TheoryData<HostConfig, string> Refusals() => new()
    {
        { new HostConfig { Memory = 6291455 }, "Minimum memory limit allowed is 6MB" },
        { new HostConfig { Memory = 64 << 20, MemorySwap = 32 << 20 }, "Minimum memoryswap limit should be larger than memory limit, see usage" },
        { new HostConfig { MemorySwap = 64 << 20 }, "You should always set the Memory limit when using Memoryswap limit, see usage" },
        { new HostConfig { MemorySwappiness = 101 }, "Invalid value: 101, valid memory swappiness range is 0-100" },
        { new HostConfig { MemoryReservation = 1 }, "Minimum memory reservation allowed is 6MB" },
        { new HostConfig { Memory = 64 << 20, MemoryReservation = 65 << 20 }, "Minimum memory limit can not be less than memory reservation limit, see usage" },
        { new HostConfig { NanoCpus = 1, CpuPeriod = 1000 }, "Conflicting options: Nano CPUs and CPU Period cannot both be set" },
        { new HostConfig { NanoCpus = 1, CpuQuota = 1000 }, "Conflicting options: Nano CPUs and CPU Quota cannot both be set" },
        { new HostConfig { NanoCpus = 5_000_000_000 }, "range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available" },
        { new HostConfig { CpuPeriod = 999 }, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)" },
        { new HostConfig { CpuQuota = 999 }, "CPU cfs quota can not be less than 1ms (i.e. 1000)" },
        { new HostConfig { CpusetCpus = "0-9" }, "Requested CPUs are not available - requested 0-9, available: 0-3" },
        { new HostConfig { CpusetCpus = "x" }, "Invalid value x for cpuset cpus" },
        { new HostConfig { CpusetMems = "1" }, "Requested memory nodes are not available - requested 1, available: 0" },
        { new HostConfig { BlkioWeight = 5 }, "Range of blkio weight is from 10 to 1000" },
        { new HostConfig { OomScoreAdj = 1001 }, "Invalid value 1001, range for oom score adj is [-1000, 1000]" },
        { new HostConfig { ShmSize = -1 }, "SHM size can not be less than 0" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void LimitsThatCannotBeAreRefusedInDockersWords(HostConfig limits, string message) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => ResourceLimits.Check(limits, Samples.Host)).Message);

    [Fact]
    public void SwapIsAsMuchAsMemoryUnlessSaid()
    {
        Assert.Equal(128 << 20, ResourceLimits.Check(new HostConfig { Memory = 64 << 20 }, Samples.Host).Limits.MemorySwap);
        Assert.Equal(-1, ResourceLimits.Check(new HostConfig { Memory = 64 << 20, MemorySwap = -1 }, Samples.Host).Limits.MemorySwap);
        Assert.Equal(-1, ResourceLimits.ToSpec(new HostConfig { Memory = 64 << 20, MemorySwap = -1 }).Memory!.Swap);
        Assert.Null(ResourceLimits.ToSpec(new HostConfig { MemorySwap = -1 }).Memory);
    }

    [Fact]
    public void WhatTheHostCannotDoIsWarnedOf()
    {
        HostFacts poor = Samples.Host with { SwapLimit = false, Controllers = new HashSet<string> { "memory" }, CgroupV2Only = true };
        (HostConfig limits, IReadOnlyList<string> warnings) = ResourceLimits.Check(new HostConfig { Memory = 64 << 20, PidsLimit = 5, OomKillDisable = true }, poor);
        Assert.Equal(3, warnings.Count);
        Assert.True(limits is { MemorySwap: -1, PidsLimit: null, OomKillDisable: null });
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-2,7", "0,1,2,7")]
    [InlineData("3,1-2", "1,2,3")]
    [InlineData("2-1", null)]
    [InlineData("", null)]
    [InlineData("1-2-3", null)]
    [InlineData("-1", null)]
    [InlineData("0-4000000000", null)]
    public void CpuLists(string text, string? expected) => Assert.Equal(expected, CpuList.Parse(text) is { } set ? string.Join(',', set) : null);

    [Fact]
    public void ListsOfNumbersReadBack() =>
        Gen.Int[0, 200].Array[1, 20].Sample(numbers => CpuList.Parse(string.Join(',', numbers))!.SequenceEqual(numbers.Distinct().Order()));
}
