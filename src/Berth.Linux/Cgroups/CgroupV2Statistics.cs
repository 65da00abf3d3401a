using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>Reads v2's counters: Documentation/admin-guide/cgroup-v2.rst.</summary>
internal static class CgroupV2Statistics
{
    private const ulong MicrosecondNanoseconds = 1000;

    /// <param name="read">The text of a file; null: there is none.</param>
    public static CgroupStatistics Of(Func<string, string?> read)
    {
        Dictionary<string, ulong> cpu = CgroupCounters.Keyed(read("cpu.stat"));
        string? parts = read("memory.stat"), events = read("memory.events");
        return new CgroupStatistics
        {
            Cpu = cpu.GetValueOrDefault("usage_usec") * MicrosecondNanoseconds,
            KernelCpu = cpu.GetValueOrDefault("system_usec") * MicrosecondNanoseconds,
            UserCpu = cpu.GetValueOrDefault("user_usec") * MicrosecondNanoseconds,
            Periods = cpu.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = cpu.GetValueOrDefault("nr_throttled"),
            ThrottledTime = cpu.GetValueOrDefault("throttled_usec") * MicrosecondNanoseconds,
            Memory = CgroupCounters.Single(read("memory.current")),
            MemoryLimit = CgroupCounters.Single(read("memory.max")),
            MemoryFailures = events is null ? null : CgroupCounters.Keyed(events).GetValueOrDefault("oom"),
            MemoryParts = parts is null ? null : CgroupCounters.Keyed(parts),
            Processes = CgroupCounters.Single(read("pids.current")),
            ProcessLimit = CgroupCounters.Single(read("pids.max")),
            TransferredBytes = Transfers(read("io.stat")),
        };
    }

    // "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0" a line.
    private static List<CgroupTransfer>? Transfers(string? text)
    {
        var found = new List<CgroupTransfer>();
        foreach (string line in (text ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ');
            if (CgroupCounters.TryDevice(fields[0], out ulong major, out ulong minor))
            {
                found.Add(new CgroupTransfer(major, minor, "read", Field(fields, "rbytes=")));
                found.Add(new CgroupTransfer(major, minor, "write", Field(fields, "wbytes=")));
            }
        }

        return found.Count == 0 ? null : found;
    }

    private static ulong Field(string[] fields, string key) =>
        Array.Find(fields, f => f.StartsWith(key, StringComparison.Ordinal)) is { } field
        && ulong.TryParse(field.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : 0;
}
