using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>Reads v1's counters: Documentation/admin-guide/cgroup-v1/{cpuacct,memory,blkio-controller,pids}.rst.</summary>
internal static class CgroupV1Statistics
{
    // cpuacct.stat counts in USER_HZ, which is 100 for every architecture that Berth runs on.
    private const ulong TickNanoseconds = 10_000_000;

    /// <param name="read">The text of a controller's file; null: there is none.</param>
    public static CgroupStatistics Of(Func<string, string, string?> read)
    {
        Dictionary<string, ulong> spent = CgroupCounters.Keyed(read("cpuacct", "cpuacct.stat")), throttling = CgroupCounters.Keyed(read("cpu", "cpu.stat"));
        string? parts = read("memory", "memory.stat");
        return new CgroupStatistics
        {
            Cpu = CgroupCounters.Single(read("cpuacct", "cpuacct.usage")) ?? 0,
            KernelCpu = spent.GetValueOrDefault("system") * TickNanoseconds,
            UserCpu = spent.GetValueOrDefault("user") * TickNanoseconds,
            PerCpu = read("cpuacct", "cpuacct.usage_percpu") is { } each ? [.. each.Split(' ').Select(CgroupCounters.Single).OfType<ulong>()] : null,
            Periods = throttling.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = throttling.GetValueOrDefault("nr_throttled"),
            ThrottledTime = throttling.GetValueOrDefault("throttled_time"),
            Memory = CgroupCounters.Single(read("memory", "memory.usage_in_bytes")),
            HighestMemory = CgroupCounters.Single(read("memory", "memory.max_usage_in_bytes")),
            MemoryLimit = CgroupCounters.Single(read("memory", "memory.limit_in_bytes")),
            MemoryFailures = CgroupCounters.Single(read("memory", "memory.failcnt")),
            MemoryParts = parts is null ? null : CgroupCounters.Keyed(parts),
            Processes = CgroupCounters.Single(read("pids", "pids.current")),
            ProcessLimit = CgroupCounters.Single(read("pids", "pids.max")),
            TransferredBytes = Transfers(read("blkio", "blkio.throttle.io_service_bytes_recursive")),
            Transfers = Transfers(read("blkio", "blkio.throttle.io_serviced_recursive")),
        };
    }

    // "8:0 Read 4096" a line, and a last line "Total 4096" over all devices.
    private static List<CgroupTransfer>? Transfers(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var found = new List<CgroupTransfer>();
        foreach (string line in text.Split('\n'))
        {
            if (line.Split(' ') is [var device, var operation, var value] && CgroupCounters.TryDevice(device, out ulong major, out ulong minor)
                && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                found.Add(new CgroupTransfer(major, minor, operation, number));
            }
        }

        return found;
    }
}
