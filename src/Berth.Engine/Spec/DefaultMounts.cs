using System.Globalization;

using Berth.Oci.Runtime;

namespace Berth.Engine.Spec;

/// <summary>The mounts of every container, as dockerd makes them.</summary>
internal static class DefaultMounts
{
    public const long SharedMemorySize = 64 << 20;

    public static IEnumerable<Mount> Of(SpecInput input)
    {
        bool privileged = input.HostConfig.Privileged == true;
        string[] access = privileged ? [] : ["ro"];
        yield return new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] };
        yield return new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] };
        yield return new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] };
        yield return new Mount { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", .. access] };
        yield return new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = [.. access, "nosuid", "noexec", "nodev"] };
        yield return new Mount { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] };
        if (input.HostConfig.IpcMode == "none")
        {
            yield break;
        }

        if (input.SharedMemoryPath is { } shared)
        {
            yield return new Mount { Destination = "/dev/shm", Type = "bind", Source = shared, Options = ["rbind", "rprivate"] };
            yield break;
        }

        long size = input.HostConfig.ShmSize is { } asked and > 0 ? asked : SharedMemorySize;
        yield return new Mount
        {
            Destination = "/dev/shm",
            Type = "tmpfs",
            Source = "shm",
            Options = ["nosuid", "noexec", "nodev", "mode=1777", string.Create(CultureInfo.InvariantCulture, $"size={size}")],
        };
    }
}
