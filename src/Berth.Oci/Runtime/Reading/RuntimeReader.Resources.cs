using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

// Limits of the cgroups.
public static partial class RuntimeReader
{
    private static Resources ReadResources(ref Utf8JsonReader json)
    {
        var value = new Resources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "devices" => value with { Devices = json.List(ReadDeviceRule) },
                "memory" => value with { Memory = json.Object(ReadMemoryResources) },
                "cpu" => value with { Cpu = json.Object(ReadCpuResources) },
                "pids" => value with { Pids = json.Object(ReadPidsResources) },
                "blockIO" => value with { BlockIO = json.Object(ReadBlockIOResources) },
                "hugepageLimits" => value with { HugepageLimits = json.List(ReadHugepageLimit) },
                "network" => value with { Network = json.Object(ReadNetworkResources) },
                "unified" => value with { Unified = json.TextMap() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static DeviceRule ReadDeviceRule(ref Utf8JsonReader json)
    {
        var value = new DeviceRule();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "allow" => value with { Allow = json.Bool() },
                "type" => value with { Type = json.Text() },
                "major" => value with { Major = json.OptionalLong() },
                "minor" => value with { Minor = json.OptionalLong() },
                "access" => value with { Access = json.Text() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MemoryResources ReadMemoryResources(ref Utf8JsonReader json)
    {
        var value = new MemoryResources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "limit" => value with { Limit = json.OptionalLong() },
                "reservation" => value with { Reservation = json.OptionalLong() },
                "swap" => value with { Swap = json.OptionalLong() },
                "kernel" => value with { Kernel = json.OptionalLong() },
                "kernelTCP" => value with { KernelTCP = json.OptionalLong() },
                "swappiness" => value with { Swappiness = json.OptionalULong() },
                "disableOOMKiller" => value with { DisableOOMKiller = json.OptionalBool() },
                "useHierarchy" => value with { UseHierarchy = json.OptionalBool() },
                "checkBeforeUpdate" => value with { CheckBeforeUpdate = json.OptionalBool() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static CpuResources ReadCpuResources(ref Utf8JsonReader json)
    {
        var value = new CpuResources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "shares" => value with { Shares = json.OptionalULong() },
                "quota" => value with { Quota = json.OptionalLong() },
                "burst" => value with { Burst = json.OptionalULong() },
                "period" => value with { Period = json.OptionalULong() },
                "realtimeRuntime" => value with { RealtimeRuntime = json.OptionalLong() },
                "realtimePeriod" => value with { RealtimePeriod = json.OptionalULong() },
                "cpus" => value with { Cpus = json.Text() },
                "mems" => value with { Mems = json.Text() },
                "idle" => value with { Idle = json.OptionalLong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static PidsResources ReadPidsResources(ref Utf8JsonReader json)
    {
        var value = new PidsResources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "limit" => value with { Limit = json.OptionalLong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static BlockIOResources ReadBlockIOResources(ref Utf8JsonReader json)
    {
        var value = new BlockIOResources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "weight" => value with { Weight = json.OptionalUShort() },
                "leafWeight" => value with { LeafWeight = json.OptionalUShort() },
                "weightDevice" => value with { WeightDevice = json.List(ReadWeightDevice) },
                "throttleReadBpsDevice" => value with { ThrottleReadBpsDevice = json.List(ReadThrottleDevice) },
                "throttleWriteBpsDevice" => value with { ThrottleWriteBpsDevice = json.List(ReadThrottleDevice) },
                "throttleReadIOPSDevice" => value with { ThrottleReadIOPSDevice = json.List(ReadThrottleDevice) },
                "throttleWriteIOPSDevice" => value with { ThrottleWriteIOPSDevice = json.List(ReadThrottleDevice) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static WeightDevice ReadWeightDevice(ref Utf8JsonReader json)
    {
        var value = new WeightDevice();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "major" => value with { Major = json.Long() },
                "minor" => value with { Minor = json.Long() },
                "weight" => value with { Weight = json.OptionalUShort() },
                "leafWeight" => value with { LeafWeight = json.OptionalUShort() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static ThrottleDevice ReadThrottleDevice(ref Utf8JsonReader json)
    {
        var value = new ThrottleDevice();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "major" => value with { Major = json.Long() },
                "minor" => value with { Minor = json.Long() },
                "rate" => value with { Rate = json.ULong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static HugepageLimit ReadHugepageLimit(ref Utf8JsonReader json)
    {
        var value = new HugepageLimit();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "pageSize" => value with { PageSize = json.Text() },
                "limit" => value with { Limit = json.ULong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static NetworkResources ReadNetworkResources(ref Utf8JsonReader json)
    {
        var value = new NetworkResources();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "classID" => value with { ClassID = json.OptionalUInt() },
                "priorities" => value with { Priorities = json.List(ReadNetworkPriority) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static NetworkPriority ReadNetworkPriority(ref Utf8JsonReader json)
    {
        var value = new NetworkPriority();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "name" => value with { Name = json.Text() },
                "priority" => value with { Priority = json.UInt() },
                _ => json.Skip(value),
            };
        }

        return value;
    }
}
