using System.Globalization;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>Writes limits to v1's files. Documentation/admin-guide/cgroup-v1/.</summary>
/// <param name="folder">The cgroup's folder for a controller, null where the host has none.</param>
internal sealed class CgroupV1Limits(Func<string, string?> folder)
{
    public void Apply(CgroupResources r)
    {
        if (r.Devices is { } rules)
        {
            Devices(rules);
        }

        Memory(r);
        Cpu(r);
        Text("cpuset", "cpuset.cpus", r.CpusetCpus);
        Text("cpuset", "cpuset.mems", r.CpusetMems);
        if (r.PidsLimit is { } pids && pids != 0)
        {
            Put("pids", "pids.max", pids < 0 ? "max" : Show(pids));
        }

        Number("blkio", "blkio.weight", r.BlkioWeight, "blkio.bfq.weight");
        foreach (CgroupDeviceRate rate in r.BlkioRates)
        {
            Rate(rate);
        }

        foreach ((string size, ulong limit) in r.Hugepages)
        {
            Put("hugetlb", $"hugetlb.{size}.limit_in_bytes", Show(limit));
        }

        if (r.Unified.Count > 0)
        {
            throw new LinuxException("set", $"{r.Unified.Keys.First()}: this host's controllers are on cgroup v1", Errno.EOPNOTSUPP);
        }
    }

    // The kernel keeps limit <= limit with swap at every moment, so what grows is written from above and what shrinks from below.
    private void Memory(CgroupResources r)
    {
        const string limitFile = "memory.limit_in_bytes", swapFile = "memory.memsw.limit_in_bytes";
        bool swapFirst = r.MemoryLimit is { } limit && r.MemorySwap is { } swap && (swap < 0 || swap > Current("memory", limitFile)) && limit != -1;
        if (swapFirst)
        {
            Number("memory", swapFile, r.MemorySwap);
        }

        Number("memory", limitFile, r.MemoryLimit);
        if (!swapFirst)
        {
            Number("memory", swapFile, r.MemorySwap);
        }

        Number("memory", "memory.soft_limit_in_bytes", r.MemoryReservation);
        Number("memory", "memory.swappiness", (long?)r.MemorySwappiness);
        if (r.DisableOomKiller == true)
        {
            Put("memory", "memory.oom_control", "1");
        }
    }

    private void Cpu(CgroupResources r)
    {
        Number("cpu", "cpu.shares", (long?)r.CpuShares);
        Number("cpu", "cpu.rt_period_us", (long?)r.CpuRealtimePeriod);
        Number("cpu", "cpu.rt_runtime_us", r.CpuRealtimeRuntime);
        if (r.CpuQuota is { } quota && r.CpuPeriod is { } period && quota > 0 && Current("cpu", "cpu.cfs_quota_us") is var now && now > 0 && (ulong)now > period)
        {
            Number("cpu", "cpu.cfs_quota_us", quota); // a shorter period alone could ask for more than the parent allows
        }

        Number("cpu", "cpu.cfs_period_us", (long?)r.CpuPeriod);
        Number("cpu", "cpu.cfs_quota_us", r.CpuQuota);
        Number("cpu", "cpu.cfs_burst_us", (long?)r.CpuBurst);
        Number("cpu", "cpu.idle", r.CpuIdle);
    }

    private void Rate(CgroupDeviceRate rate)
    {
        string file = rate.Kind switch
        {
            "rbps" => "blkio.throttle.read_bps_device",
            "wbps" => "blkio.throttle.write_bps_device",
            "riops" => "blkio.throttle.read_iops_device",
            "wiops" => "blkio.throttle.write_iops_device",
            "weight" => "blkio.weight_device",
            _ => "blkio.leaf_weight_device",
        };
        Put("blkio", file, string.Create(CultureInfo.InvariantCulture, $"{rate.Major}:{rate.Minor} {rate.Value}"));
    }

    // Everything is taken first; then each rule in order, one write each.
    private void Devices(IReadOnlyList<CgroupDeviceRule> rules)
    {
        string devices = folder("devices") ?? throw Missing("devices", "devices.deny");
        using FileDescriptor allow = FileDescriptor.Open($"{devices}/devices.allow", Libc.O_WRONLY), deny = FileDescriptor.Open($"{devices}/devices.deny", Libc.O_WRONLY);
        FileWrite.All(deny, "a"u8, $"{devices}/devices.deny");
        bool everything = false;
        foreach (CgroupDeviceRule rule in rules)
        {
            if (!rule.Allow && rule is { Type: 'a', Major: null, Minor: null } && !everything)
            {
                continue; // denied it is already
            }

            everything = rule is { Allow: true, Type: 'a', Major: null, Minor: null };
            string text = everything ? "a" : $"{rule.Type} {Any(rule.Major)}:{Any(rule.Minor)} {rule.Access}";
            FileWrite.All(rule.Allow ? allow : deny, Encoding.ASCII.GetBytes(text), $"{devices}/{(rule.Allow ? "devices.allow" : "devices.deny")} ({text})");
        }
    }

    private void Text(string controller, string file, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Put(controller, file, value);
        }
    }

    private void Number(string controller, string file, long? value, string? otherName = null)
    {
        if (value is not { } number || (number == 0 && file != "cpu.idle" && file != "memory.swappiness"))
        {
            return;
        }

        string? place = folder(controller);
        Put(controller, otherName is not null && place is not null && !File.Exists($"{place}/{file}") ? otherName : file, Show(number));
    }

    private void Put(string controller, string file, string value)
    {
        string place = folder(controller) ?? throw Missing(controller, file);
        try
        {
            SmallFile.Write($"{place}/{file}", value);
        }
        catch (LinuxException e)
        {
            throw new LinuxException(e.Call, $"{place}/{file} ({value})", e.Errno);
        }
    }

    private long Current(string controller, string file) => folder(controller) is { } place ? CgroupFolder.Counter($"{place}/{file}", "") ?? 0 : 0;

    private static LinuxException Missing(string controller, string file) =>
        new("set", $"{file}: this host has no {controller} cgroup controller", Errno.EOPNOTSUPP);

    private static string Any(long? number) => number is { } n ? Show(n) : "*";

    private static string Show(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
