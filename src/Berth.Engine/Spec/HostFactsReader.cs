using System.Globalization;

using Berth.Linux.Cgroups;

namespace Berth.Engine.Spec;

/// <summary>Reads <see cref="HostFacts"/> from /proc and /sys, once.</summary>
internal static class HostFactsReader
{
    private static readonly string[] V1Controllers = ["memory", "cpu", "pids", "cpuset", "blkio", "devices", "hugetlb", "freezer"];

    public static HostFacts Read(ICgroupDriver cgroups)
    {
        bool unified = cgroups.Version == 2;
        HashSet<string> controllers = unified ? V2Controllers() : [.. V1Controllers.Where(c => Directory.Exists($"/sys/fs/cgroup/{c}"))];
        return new HostFacts
        {
            Cpus = Environment.ProcessorCount,
            CpusetCpus = Text("/sys/devices/system/cpu/online"),
            CpusetMems = Text("/sys/devices/system/node/online") is { Length: > 0 } nodes ? nodes : "0",
            Capabilities = Permitted(),
            SwapLimit = unified || File.Exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"),
            CgroupV2Only = unified,
            Controllers = controllers,
            Sysctls = new HashSet<string>(((string[])["net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"])
                .Where(s => File.Exists($"/proc/sys/{s.Replace('.', '/')}"))),
            ThermalThrottles =
            [
                .. Enumerable.Range(0, Environment.ProcessorCount)
                    .Select(i => string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/cpu/cpu{i}/thermal_throttle"))
                    .Where(Directory.Exists),
            ],
            Hostname = Environment.MachineName,
        };
    }

    private static HashSet<string> V2Controllers()
    {
        // Devices are filtered by a BPF program there and freezing is a file of every cgroup.
        string[] names = Text("/sys/fs/cgroup/cgroup.controllers").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. names.Select(n => n == "io" ? "blkio" : n), "devices", "freezer"];
    }

    // CapBnd of proc_pid_status(5): bit n is capability number n.
    private static IReadOnlyList<string> Permitted()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapBnd:", StringComparison.Ordinal));
        ulong set = ulong.Parse(line.AsSpan("CapBnd:".Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return [.. Capabilities.All.Where((_, i) => (set >> i & 1) != 0)];
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";
}
