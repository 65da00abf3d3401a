using System.Globalization;

using Berth.Api;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>--memory, --cpus and so on: Docker's rules for them, and what they are in the spec.</summary>
public static class ResourceLimits
{
    private const long MinimumMemory = 6 << 20;

    /// <summary>Checks, and fills in what follows from the other limits.</summary>
    /// <returns>What the row keeps, and warnings about what the host cannot do.</returns>
    /// <exception cref="EngineException">Invalid, in Docker's words.</exception>
    public static (HostConfig Limits, IReadOnlyList<string> Warnings) Check(HostConfig limits, HostFacts host)
    {
        var warnings = new List<string>();
        limits = Memory(limits, host, warnings);
        limits = Cpu(limits, host);
        BlockIO(limits);
        if (limits.PidsLimit is not null && !host.Controllers.Contains("pids"))
        {
            warnings.Add("Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.");
            limits = limits with { PidsLimit = null };
        }

        if (limits.OomScoreAdj is < -1000 or > 1000)
        {
            throw Invalid($"Invalid value {limits.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        }

        return limits.ShmSize is < 0 ? throw Invalid("SHM size can not be less than 0") : (limits, warnings);
    }

    /// <summary>The spec's resources, without the devices.</summary>
    public static Resources ToSpec(HostConfig limits) => new()
    {
        Memory = ToMemory(limits),
        Cpu = ToCpu(limits),
        Pids = limits.PidsLimit is { } pids ? new PidsResources { Limit = pids <= 0 ? -1 : pids } : null,
        BlockIO = limits.BlkioWeight is { } weight and not 0 ? new BlockIOResources { Weight = (ushort)weight } : null,
    };

    private static HostConfig Memory(HostConfig limits, HostFacts host, List<string> warnings)
    {
        long memory = limits.Memory ?? 0, swap = limits.MemorySwap ?? 0, reservation = limits.MemoryReservation ?? 0;
        if (memory != 0 && memory < MinimumMemory)
        {
            throw Invalid("Minimum memory limit allowed is 6MB");
        }

        if (memory > 0 && !host.Controllers.Contains("memory"))
        {
            warnings.Add("Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
            (memory, swap) = (0, -1);
        }

        if (memory > 0 && swap != -1 && !host.SwapLimit)
        {
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            swap = -1;
        }

        if (memory > 0 && swap > 0 && swap < memory)
        {
            throw Invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        }

        if (memory == 0 && swap > 0)
        {
            throw Invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        }

        // Without an own limit a container may swap as much as it may hold in memory.
        swap = memory > 0 && swap == 0 ? memory * 2 : swap;
        long? swappiness = limits.MemorySwappiness == -1 ? null : limits.MemorySwappiness;
        if (swappiness is < 0 or > 100)
        {
            throw Invalid($"Invalid value: {swappiness}, valid memory swappiness range is 0-100");
        }

        CheckReservation(memory, reservation);
        bool? oomKillDisable = host.CgroupV2Only ? null : limits.OomKillDisable;
        if (oomKillDisable is null && limits.OomKillDisable == true)
        {
            warnings.Add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
        }
        else if (oomKillDisable == true && memory == 0)
        {
            warnings.Add("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        }

        return limits with { Memory = memory, MemorySwap = swap, MemorySwappiness = swappiness, OomKillDisable = oomKillDisable };
    }

    private static void CheckReservation(long memory, long reservation)
    {
        if (reservation is > 0 and < MinimumMemory)
        {
            throw Invalid("Minimum memory reservation allowed is 6MB");
        }

        if (memory > 0 && reservation > memory)
        {
            throw Invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
        }
    }

    private static HostConfig Cpu(HostConfig limits, HostFacts host)
    {
        long nano = limits.NanoCpus ?? 0, period = limits.CpuPeriod ?? 0, quota = limits.CpuQuota ?? 0;
        if (nano > 0 && period > 0)
        {
            throw Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        }

        if (nano > 0 && quota > 0)
        {
            throw Invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        }

        if (nano != 0 && (nano < 0 || nano > host.Cpus * 1_000_000_000L))
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"range of CPUs is from 0.01 to {host.Cpus}.00, as there are only {host.Cpus} CPUs available"));
        }

        if (period is not 0 and (< 1000 or > 1_000_000))
        {
            throw Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        }

        if (quota is > 0 and < 1000)
        {
            throw Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        }

        if (limits.CpuShares is < 0)
        {
            throw Invalid($"invalid CPU shares ({limits.CpuShares}): value must be a positive integer");
        }

        CpuList.Check("cpus", "CPUs", limits.CpusetCpus, host.CpusetCpus);
        CpuList.Check("mems", "memory nodes", limits.CpusetMems, host.CpusetMems);
        return limits;
    }

    private static void BlockIO(HostConfig limits)
    {
        if (limits.BlkioWeight is not (null or 0) and (< 10 or > 1000))
        {
            throw Invalid("Range of blkio weight is from 10 to 1000");
        }

        if (limits.IOMaximumBandwidth is > 0 || limits.IOMaximumIOps is > 0)
        {
            throw Invalid("Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps");
        }
    }

    private static MemoryResources? ToMemory(HostConfig limits)
    {
        var memory = new MemoryResources
        {
            Limit = limits.Memory is > 0 ? limits.Memory : null,
            Reservation = limits.MemoryReservation is > 0 ? limits.MemoryReservation : null,

            // -1 with a limit is "as much swap as the host has"; without one it changes nothing.
            Swap = limits.MemorySwap is > 0 || (limits.MemorySwap == -1 && limits.Memory is > 0) ? limits.MemorySwap : null,
            Swappiness = (ulong?)limits.MemorySwappiness,
            DisableOOMKiller = limits.OomKillDisable == true ? true : null,
        };
        return memory == new MemoryResources() ? null : memory;
    }

    private static CpuResources? ToCpu(HostConfig limits)
    {
        long nano = limits.NanoCpus ?? 0;
        var cpu = new CpuResources
        {
            Shares = limits.CpuShares is > 0 ? (ulong)limits.CpuShares.Value : null,
            Period = nano > 0 ? 100_000 : limits.CpuPeriod is { } period and not 0 ? (ulong)period : null,
            Quota = nano > 0 ? nano / 10_000 : limits.CpuQuota is { } quota and not 0 ? quota : null,
            Cpus = string.IsNullOrEmpty(limits.CpusetCpus) ? null : limits.CpusetCpus,
            Mems = string.IsNullOrEmpty(limits.CpusetMems) ? null : limits.CpusetMems,
        };
        return cpu == new CpuResources() ? null : cpu;
    }

    private static EngineException Invalid(string message) => EngineException.Invalid(message);
}
