using System.Text.Json;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Stats;
using Berth.Linux.Cgroups;
using Berth.Linux.Netlink;

namespace Berth.Engine.Tests.Stats;

public sealed class StatsShapesTests
{
    private const ulong HostMemory = 1 << 30;

    private static readonly CgroupStatistics Used = new()
    {
        Cpu = 500, KernelCpu = 200, UserCpu = 300, PerCpu = [100, 400], Periods = 7, ThrottledPeriods = 3, ThrottledTime = 4,
        Memory = 4096, HighestMemory = 8192, MemoryLimit = 9223372036854771712, MemoryFailures = 2, MemoryParts = new Dictionary<string, ulong> { ["cache"] = 10 },
        Processes = 3, ProcessLimit = ulong.MaxValue, TransferredBytes = [new CgroupTransfer(8, 16, "Read", 4096)], Transfers = [],
    };

    private static readonly LinkStatistics Eth0 = new()
    {
        Index = 2, Name = "eth0", ReceivedBytes = 1, ReceivedPackets = 2, ReceivedErrors = 3, ReceivedDropped = 4, SentBytes = 5, SentPackets = 6, SentErrors = 7, SentDropped = 8,
    };

    private static readonly StatsSample Sample = new(Samples.Noon, Used, new HostCpu(9000, 2), [Eth0]);

    [Fact]
    public void ASampleOfTheFirstVersionIsWrittenAsDockerDoes() => Assert.Equal(
        """
        {"name":"/web","id":"0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9","os_type":"linux","read":"2030-01-02T12:00:00Z","preread":"0001-01-01T00:00:00Z","pids_stats":{"current":3},"blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":16,"op":"Read","value":4096}],"io_serviced_recursive":[],"io_queue_recursive":[],"io_service_time_recursive":[],"io_wait_time_recursive":[],"io_merged_recursive":[],"io_time_recursive":[],"sectors_recursive":[]},"num_procs":0,"storage_stats":{},"cpu_stats":{"cpu_usage":{"total_usage":500,"percpu_usage":[100,400],"usage_in_kernelmode":200,"usage_in_usermode":300},"system_cpu_usage":9000,"online_cpus":2,"throttling_data":{"periods":7,"throttled_periods":3,"throttled_time":4}},"precpu_stats":{"cpu_usage":{"total_usage":0,"usage_in_kernelmode":0,"usage_in_usermode":0},"throttling_data":{"periods":0,"throttled_periods":0,"throttled_time":0}},"memory_stats":{"usage":4096,"max_usage":8192,"stats":{"cache":10},"failcnt":2,"limit":1073741824},"networks":{"eth0":{"rx_bytes":1,"rx_packets":2,"rx_errors":3,"rx_dropped":4,"tx_bytes":5,"tx_packets":6,"tx_errors":7,"tx_dropped":8}}}
        """,
        Text(new StatsShapes(1, HostMemory).Of(Samples.Record(), Sample, null)));

    [Fact]
    public void WhatDoesNotRunIsZero() => Assert.Equal(
        """
        {"name":"/web","id":"0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9","os_type":"linux","read":"0001-01-01T00:00:00Z","preread":"0001-01-01T00:00:00Z","pids_stats":{},"blkio_stats":{"io_service_bytes_recursive":null,"io_serviced_recursive":null,"io_queue_recursive":null,"io_service_time_recursive":null,"io_wait_time_recursive":null,"io_merged_recursive":null,"io_time_recursive":null,"sectors_recursive":null},"num_procs":0,"storage_stats":{},"cpu_stats":{"cpu_usage":{"total_usage":0,"usage_in_kernelmode":0,"usage_in_usermode":0},"throttling_data":{"periods":0,"throttled_periods":0,"throttled_time":0}},"precpu_stats":{"cpu_usage":{"total_usage":0,"usage_in_kernelmode":0,"usage_in_usermode":0},"throttling_data":{"periods":0,"throttled_periods":0,"throttled_time":0}},"memory_stats":{}}
        """,
        Text(new StatsShapes(1, HostMemory).Of(Samples.Record(Phase.Exited), null, null)));

    [Fact]
    public void TheSecondVersionLeavesOutWhatItHasNot()
    {
        CgroupStatistics used = Used with { PerCpu = null, HighestMemory = null, MemoryLimit = 4096, Transfers = null, ProcessLimit = ulong.MaxValue };
        ContainerStatsResponse shown = new StatsShapes(2, HostMemory).Of(Samples.Record(), Sample with { Used = used, Interfaces = [] }, null);
        Assert.Equal(ulong.MaxValue, shown.PidsStats!.Limit);
        Assert.Equal(4096UL, shown.MemoryStats!.Limit);
        Assert.Null(shown.BlkioStats!.IoServicedRecursive);
        Assert.Null(shown.Networks);
        Assert.Single(shown.BlkioStats.IoServiceBytesRecursive!);
    }

    [Fact]
    public void ASampleHoldsTheProcessorsFiguresOfTheOneBefore()
    {
        var shapes = new StatsShapes(1, HostMemory);
        ContainerStatsResponse first = shapes.Of(Samples.Record(), Sample, null);
        ContainerStatsResponse second = shapes.Of(Samples.Record(), Sample with { Taken = Samples.Noon.AddSeconds(1), Host = new HostCpu(11000, 2) }, first);
        Assert.Equal((first.Read, first.CpuStats), (second.PreRead, second.PreCpuStats));
        Assert.Equal(11000UL, second.CpuStats!.SystemCpuUsage);
    }

    [Fact]
    public void TheHostsTimeIsTheSumOfItsStates() => Assert.Equal(
        new HostCpu(28 * 10_000_000UL, 2), HostCpu.Parse("cpu  1 2 3 4 5 6 7 100 200 300\ncpu0 9 9 9 9 9 9 9 9 9 9\ncpu1 9 9 9 9 9 9 9 9 9 9\nintr 5 cpu\nctxt 1\n"));

    private static string Text(ContainerStatsResponse shown) => JsonSerializer.Serialize(shown, ApiJson.Wire.ContainerStatsResponse);
}
