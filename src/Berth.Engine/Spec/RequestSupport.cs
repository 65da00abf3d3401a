using Berth.Api;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>
/// Fields of a create request that Berth knows and does not honour yet. A value that differs from what the stock clients send for a bare run is
/// refused by name: an option that is silently ignored is worse than one that is missing.
/// </summary>
public static class RequestSupport
{
    /// <exception cref="EngineException">NotImplemented, naming every such field.</exception>
    public static void Check(ContainerCreateRequest request)
    {
        List<string> refused = [.. Config(request), .. Host(request.HostConfig ?? new HostConfig())];
        if (refused.Count > 0)
        {
            throw EngineException.NotImplemented($"not supported yet: {string.Join(", ", refused)}");
        }
    }

    private static IEnumerable<string> Config(ContainerCreateRequest request)
    {
        if (request.Healthcheck?.Test is { Count: > 0 } test && test[0] != "NONE")
        {
            yield return "Healthcheck (--health-cmd)";
        }
    }

    private static IEnumerable<string> Host(HostConfig host)
    {
        (bool Set, string Name)[] fields =
        [
            (host.DeviceRequests is { Count: > 0 }, "DeviceRequests (--gpus)"),
            (host.StorageOpt is { Count: > 0 }, "StorageOpt (--storage-opt)"),
            (host.CpuRealtimePeriod is > 0, "CpuRealtimePeriod (--cpu-rt-period)"),
            (host.CpuRealtimeRuntime is > 0, "CpuRealtimeRuntime (--cpu-rt-runtime)"),
            (host.BlkioWeightDevice is { Count: > 0 }, "BlkioWeightDevice (--blkio-weight-device)"),
            (host.BlkioDeviceReadBps is { Count: > 0 }, "BlkioDeviceReadBps (--device-read-bps)"),
            (host.BlkioDeviceWriteBps is { Count: > 0 }, "BlkioDeviceWriteBps (--device-write-bps)"),
            (host.BlkioDeviceReadIOps is { Count: > 0 }, "BlkioDeviceReadIOps (--device-read-iops)"),
            (host.BlkioDeviceWriteIOps is { Count: > 0 }, "BlkioDeviceWriteIOps (--device-write-iops)"),
            (!string.IsNullOrEmpty(host.VolumeDriver) && host.VolumeDriver != "local", "VolumeDriver (--volume-driver)"),
            (host.UsernsMode is not (null or "" or "host"), "UsernsMode (--userns)"),
            (host.Isolation is not (null or "" or "default"), "Isolation (--isolation)"),
            (host.Runtime is not (null or "" or "berth" or "runc" or "io.containerd.runc.v2"), $"Runtime {host.Runtime} (--runtime)"),
            (!string.IsNullOrEmpty(host.Cgroup), "Cgroup"),
            (host.IpcMode is not null && host.IpcMode.StartsWith("container:", StringComparison.Ordinal), "IpcMode container (--ipc container:)"),
            (host.IpcMode == "shareable", "IpcMode shareable (--ipc shareable)"),
            (host.Mounts is { Count: > 0 } && host.Mounts.Any(m => !string.IsNullOrEmpty(m.VolumeOptions?.Subpath)), "VolumeOptions.Subpath (--mount volume-subpath)"),
        ];
        return fields.Where(f => f.Set).Select(f => f.Name);
    }
}
