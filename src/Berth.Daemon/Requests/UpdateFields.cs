using static Berth.Daemon.Requests.FieldRule;

namespace Berth.Daemon.Requests;

/// <summary>Which fields of POST /containers/{id}/update are honoured: those about ports. Limits are not changed on a running container yet.</summary>
internal static class UpdateFields
{
    private static readonly string[] Limits =
    [
        "CpuShares", "Memory", "CgroupParent", "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps",
        "BlkioDeviceWriteIOps", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "Devices",
        "DeviceCgroupRules", "DeviceRequests", "KernelMemory", "KernelMemoryTCP", "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus",
        "OomKillDisable", "Init", "PidsLimit", "Ulimits", "CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth",
    ];

    public static readonly FieldRules Update = Make();

    private static FieldRules Make()
    {
        var rules = new FieldRules
        {
            ["PortBindings"] = Honoured,
            ["PortBindingsAdd"] = Honoured,
            ["PortBindingsRemove"] = Honoured,
            ["RestartPolicy"] = Object(new() { ["Name"] = Refused, ["MaximumRetryCount"] = Refused }),
        };
        foreach (string limit in Limits)
        {
            rules.Add(limit, Refused);
        }

        return rules;
    }
}
