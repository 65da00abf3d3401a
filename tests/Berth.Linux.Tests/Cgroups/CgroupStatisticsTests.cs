using Berth.Linux.Cgroups;

using CsCheck;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupStatisticsTests
{
    private static readonly Dictionary<string, string> First = new()
    {
        ["cpuacct/cpuacct.usage"] = "183125035\n",
        ["cpuacct/cpuacct.usage_percpu"] = "84965259 98159776 \n",
        ["cpuacct/cpuacct.stat"] = "user 8\nsystem 10\n",
        ["cpu/cpu.stat"] = "nr_periods 7\nnr_throttled 3\nthrottled_time 4000\nnr_bursts 0\n",
        ["memory/memory.usage_in_bytes"] = "4096\n",
        ["memory/memory.max_usage_in_bytes"] = "8192\n",
        ["memory/memory.limit_in_bytes"] = "9223372036854771712\n",
        ["memory/memory.failcnt"] = "2\n",
        ["memory/memory.stat"] = "cache 10\ntotal_inactive_file 20\n",
        ["pids/pids.current"] = "3\n",
        ["pids/pids.max"] = "max\n",
        ["blkio/blkio.throttle.io_service_bytes_recursive"] = "8:16 Read 4096\n8:16 Write 512\n8:16 Total 4608\nTotal 4608\n",
        ["blkio/blkio.throttle.io_serviced_recursive"] = "Total 0\n",
    };

    private static readonly Dictionary<string, string> Second = new()
    {
        ["cpu.stat"] = "usage_usec 500\nuser_usec 300\nsystem_usec 200\nnr_periods 7\nnr_throttled 3\nthrottled_usec 4\n",
        ["memory.current"] = "4096\n",
        ["memory.max"] = "max\n",
        ["memory.stat"] = "anon 10\ninactive_file 20\n",
        ["memory.events"] = "low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\n",
        ["pids.current"] = "3\n",
        ["pids.max"] = "100\n",
        ["io.stat"] = "8:16 rbytes=4096 wbytes=512 rios=1 wios=2 dbytes=0 dios=0\n254:0\n",
    };

    [Fact]
    public void TheFirstVersionIsRead()
    {
        CgroupStatistics read = CgroupV1Statistics.Of((controller, file) => First.GetValueOrDefault($"{controller}/{file}"));
        Assert.Equal((183125035UL, 100_000_000UL, 80_000_000UL), (read.Cpu, read.KernelCpu, read.UserCpu));
        Assert.Equal([84965259UL, 98159776UL], read.PerCpu);
        Assert.Equal((7UL, 3UL, 4000UL), (read.Periods, read.ThrottledPeriods, read.ThrottledTime));
        Assert.Equal((4096UL, 8192UL, 9223372036854771712UL, 2UL), (read.Memory, read.HighestMemory, read.MemoryLimit, read.MemoryFailures));
        Assert.Equal(20UL, read.MemoryParts!["total_inactive_file"]);
        Assert.Equal((3UL, ulong.MaxValue), (read.Processes, read.ProcessLimit));
        Assert.Equal([new CgroupTransfer(8, 16, "Read", 4096), new CgroupTransfer(8, 16, "Write", 512), new CgroupTransfer(8, 16, "Total", 4608)], read.TransferredBytes);
        Assert.Empty(read.Transfers!);
    }

    [Fact]
    public void TheSecondVersionIsRead()
    {
        CgroupStatistics read = CgroupV2Statistics.Of(Second.GetValueOrDefault);
        Assert.Equal((500_000UL, 200_000UL, 300_000UL), (read.Cpu, read.KernelCpu, read.UserCpu));
        Assert.Null(read.PerCpu);
        Assert.Equal((7UL, 3UL, 4000UL), (read.Periods, read.ThrottledPeriods, read.ThrottledTime));
        Assert.Equal((4096UL, null, ulong.MaxValue, 2UL), (read.Memory, read.HighestMemory, read.MemoryLimit, read.MemoryFailures));
        Assert.Equal(20UL, read.MemoryParts!["inactive_file"]);
        Assert.Equal((3UL, 100UL), (read.Processes, read.ProcessLimit));
        Assert.Equal(
            [new CgroupTransfer(8, 16, "read", 4096), new CgroupTransfer(8, 16, "write", 512), new CgroupTransfer(254, 0, "read", 0), new CgroupTransfer(254, 0, "write", 0)],
            read.TransferredBytes);
        Assert.Null(read.Transfers);
    }

    [Fact]
    public void WhatIsNotCountedIsNull()
    {
        foreach (CgroupStatistics read in new[] { CgroupV1Statistics.Of(static (_, _) => null), CgroupV2Statistics.Of(static _ => null) })
        {
            Assert.Equal(new CgroupStatistics(), read);
        }
    }

    [Fact]
    public void NoTextBreaksIt() => Gen.String[Gen.Char["0123456789: =maxrbytes\n"], 0, 80].Sample(text =>
        CgroupV2Statistics.Of(_ => text).Periods <= ulong.MaxValue && CgroupV1Statistics.Of((_, _) => text).Periods <= ulong.MaxValue);
}
