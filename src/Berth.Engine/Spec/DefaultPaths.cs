namespace Berth.Engine.Spec;

/// <summary>What of /proc and /sys a container must not see or write.</summary>
public static class DefaultPaths
{
    /// <summary>Docker's list; interrupts and thermal_throttle: GHSA-6fw5-f8r9-fgfm, powercap: GHSA-jq35-85cj-fj4p.</summary>
    public static IReadOnlyList<string> Masked(HostFacts host) =>
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", .. host.ThermalThrottles,
    ];

    public static readonly IReadOnlyList<string> ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
}
