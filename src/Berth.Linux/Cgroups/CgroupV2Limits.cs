using System.Globalization;

using Berth.Linux.Files;

namespace Berth.Linux.Cgroups;

/// <summary>Writes limits to v2's files, converted from v1's units as runc and crun do.</summary>
internal sealed class CgroupV2Limits(string folder)
{
    public void Apply(CgroupResources r)
    {
        Memory(r);
        Cpu(r);
        Text("cpuset.cpus", r.CpusetCpus);
        Text("cpuset.mems", r.CpusetMems);
        if (r.PidsLimit is { } pids && pids != 0)
        {
            Put("pids.max", OrMax(pids));
        }

        if (r.BlkioWeight is { } weight && weight != 0)
        {
            bool bfq = File.Exists($"{folder}/io.bfq.weight");
            Put(bfq ? "io.bfq.weight" : "io.weight", bfq ? Show(weight) : $"default {Show(1 + (weight - 10L) * 9999 / 990)}");
        }

        foreach (CgroupDeviceRate rate in r.BlkioRates)
        {
            string device = string.Create(CultureInfo.InvariantCulture, $"{rate.Major}:{rate.Minor}");
            switch (rate.Kind)
            {
                case "leaf_weight":
                    throw new LinuxException("set", $"leaf weight of {device}: cgroup v2 has none", Errno.EOPNOTSUPP);
                case "weight":
                    Put("io.bfq.weight", $"{device} {Show(rate.Value)}");
                    break;
                default:
                    Put("io.max", $"{device} {rate.Kind}={Show(rate.Value)}");
                    break;
            }
        }

        foreach ((string size, ulong limit) in r.Hugepages)
        {
            Put($"hugetlb.{size}.max", Show(limit));
        }

        foreach ((string file, string value) in r.Unified)
        {
            if (file.Contains('/', StringComparison.Ordinal))
            {
                throw new LinuxException("set", file, Errno.EINVAL);
            }

            Put(file, value);
        }
    }

    private void Memory(CgroupResources r)
    {
        if (r.MemorySwap is { } swap && swap != 0)
        {
            // v1's figure is memory and swap together.
            long limit = r.MemoryLimit ?? 0;
            if (swap > 0 && (limit <= 0 || swap < limit))
            {
                throw new LinuxException("set", $"memory.swap.max: swap ({swap}) is memory and swap together and must not be below memory ({limit})", Errno.EINVAL);
            }

            Put("memory.swap.max", swap < 0 ? "max" : Show(swap - limit));
        }

        if (r.MemoryLimit is { } memory && memory != 0)
        {
            Put("memory.max", OrMax(memory));
        }

        if (r.MemoryReservation is { } low && low != 0)
        {
            Put("memory.low", OrMax(low));
        }
    }

    private void Cpu(CgroupResources r)
    {
        if (r.CpuRealtimeRuntime is > 0 || r.CpuRealtimePeriod is > 0)
        {
            throw new LinuxException("set", "realtime cpu: cgroup v2 has none", Errno.EOPNOTSUPP);
        }

        if (r.CpuShares is { } shares && shares != 0)
        {
            ulong bounded = Math.Clamp(shares, 2, 262144);
            Put("cpu.weight", Show(1 + (bounded - 2) * 9999 / 262142));
        }

        if (r.CpuQuota is { } quota && quota != 0 || r.CpuPeriod is > 0)
        {
            string limit = r.CpuQuota is > 0 ? Show(r.CpuQuota.Value) : "max";
            Put("cpu.max", r.CpuPeriod is > 0 ? $"{limit} {Show(r.CpuPeriod.Value)}" : limit);
        }

        if (r.CpuBurst is { } burst)
        {
            Put("cpu.max.burst", Show(burst));
        }

        if (r.CpuIdle is { } idle)
        {
            Put("cpu.idle", Show(idle));
        }
    }

    private void Text(string file, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Put(file, value);
        }
    }

    private void Put(string file, string value)
    {
        try
        {
            SmallFile.Write($"{folder}/{file}", value);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw new LinuxException("set", $"{file} ({value}): this host does not give its cgroup controller to {folder}", Errno.EOPNOTSUPP);
        }
        catch (LinuxException e)
        {
            throw new LinuxException(e.Call, $"{folder}/{file} ({value})", e.Errno);
        }
    }

    private static string OrMax(long value) => value < 0 ? "max" : Show(value);

    private static string Show(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
