using Berth.Api;
using Berth.Engine.Containers;
using Berth.Linux.Cgroups;
using Berth.Linux.Netlink;

namespace Berth.Engine.Stats;

/// <summary>Samples as the API shows them. Pure.</summary>
internal sealed class StatsShapes(int cgroupVersion, ulong hostMemory)
{
    private const string Never = "0001-01-01T00:00:00Z";

    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly ContainerBlkioStatEntry[] None = [];
    private static readonly ContainerCpuStats NoCpu = new() { CpuUsage = new ContainerCpuUsage(), ThrottlingData = new ContainerThrottlingData() };

    /// <summary>A sample.</summary>
    /// <param name="record">Whose.</param>
    /// <param name="sample">Null: the container does not run, and all is zero.</param>
    /// <param name="before">The answer before it in the same stream; null: there is none.</param>
    public ContainerStatsResponse Of(ContainerRecord record, StatsSample? sample, ContainerStatsResponse? before) => new()
    {
        Name = "/" + record.Name,
        Id = record.Id,
        OsType = record.Document.Os,
        Read = sample is null ? Never : ApiTime.Text(sample.Taken),
        PreRead = before?.Read ?? Never,
        PidsStats = sample is null ? new ContainerPidsStats() : Pids(sample.Used),
        BlkioStats = sample is null ? new ContainerBlkioStats() : Blkio(sample.Used),
        StorageStats = Nothing,
        CpuStats = sample is null ? NoCpu : Cpu(sample.Used, sample.Host),
        PreCpuStats = before?.CpuStats ?? NoCpu,
        MemoryStats = sample is null ? new ContainerMemoryStats() : Memory(sample.Used),
        Networks = sample is { Interfaces.Count: > 0 } ? sample.Interfaces.ToDictionary(i => i.Name, Network) : null,
    };

    // Docker's 0 for "no limit" on v1, and the largest number on v2.
    private ContainerPidsStats Pids(CgroupStatistics used) => new()
    {
        Current = used.Processes ?? 0,
        Limit = used.ProcessLimit is ulong.MaxValue && cgroupVersion == 1 ? 0 : used.ProcessLimit ?? 0,
    };

    private ContainerBlkioStats Blkio(CgroupStatistics used) => cgroupVersion == 1
        ? new ContainerBlkioStats
        {
            IoServiceBytesRecursive = Entries(used.TransferredBytes) ?? None,
            IoServicedRecursive = Entries(used.Transfers) ?? None,

            // Of the scheduler that kernels had up to 4.20.
            IoQueueRecursive = None,
            IoServiceTimeRecursive = None,
            IoWaitTimeRecursive = None,
            IoMergedRecursive = None,
            IoTimeRecursive = None,
            SectorsRecursive = None,
        }
        : new ContainerBlkioStats { IoServiceBytesRecursive = Entries(used.TransferredBytes) };

    private static ContainerBlkioStatEntry[]? Entries(IReadOnlyList<CgroupTransfer>? transfers) =>
        transfers is null ? null : [.. transfers.Select(t => new ContainerBlkioStatEntry { Major = t.Major, Minor = t.Minor, Op = t.Operation, Value = t.Value })];

    private static ContainerCpuStats Cpu(CgroupStatistics used, HostCpu host) => new()
    {
        CpuUsage = new ContainerCpuUsage { TotalUsage = used.Cpu, PercpuUsage = used.PerCpu, UsageInKernelmode = used.KernelCpu, UsageInUsermode = used.UserCpu },
        SystemCpuUsage = host.Nanoseconds,
        OnlineCpus = host.Online,
        ThrottlingData = new ContainerThrottlingData { Periods = used.Periods, ThrottledPeriods = used.ThrottledPeriods, ThrottledTime = used.ThrottledTime },
    };

    private ContainerMemoryStats Memory(CgroupStatistics used) => new()
    {
        Usage = used.Memory ?? 0,
        MaxUsage = used.HighestMemory ?? 0,
        Stats = used.MemoryParts,
        Failcnt = used.MemoryFailures ?? 0,
        Limit = used.MemoryLimit is { } limit ? Math.Min(limit, hostMemory) : 0,
    };

    private static ContainerNetworkStats Network(LinkStatistics link) => new()
    {
        RxBytes = link.ReceivedBytes,
        RxPackets = link.ReceivedPackets,
        RxErrors = link.ReceivedErrors,
        RxDropped = link.ReceivedDropped,
        TxBytes = link.SentBytes,
        TxPackets = link.SentPackets,
        TxErrors = link.SentErrors,
        TxDropped = link.SentDropped,
    };
}
