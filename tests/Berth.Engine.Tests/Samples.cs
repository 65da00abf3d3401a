using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Spec;

namespace Berth.Engine.Tests;

/// <summary>A container, an image and a host that tests vary.</summary>
internal static class Samples
{
    public const string Id = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";

    public static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly HostFacts Host = new()
    {
        Cpus = 4,
        CpusetCpus = "0-3",
        CpusetMems = "0",
        Capabilities = Capabilities.All,
        SwapLimit = true,
        CgroupV2Only = false,
        Controllers = new HashSet<string> { "memory", "cpu", "pids", "cpuset", "blkio", "devices", "freezer" },
        Sysctls = new HashSet<string> { "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start" },
        ThermalThrottles = ["/sys/devices/system/cpu/cpu0/thermal_throttle"],
        Hostname = "host",
    };

    public static readonly Berth.Oci.Images.ImageConfig Image = new() { Env = ["PATH=/bin"], Cmd = ["sh"] };

    public static readonly ContainerCreateRequest Request = new() { Image = "busybox", HostConfig = new HostConfig() };

    public static CreatePlan Plan(ContainerCreateRequest? request = null, Berth.Oci.Images.ImageConfig? image = null, HostFacts? host = null) =>
        CreatePlan.Of(request ?? Request, image ?? Image, host ?? Host, Id, _ => []);

    public static CreatePlan Plan(HostConfig host) => Plan(Request with { HostConfig = host });

    public static ContainerRecord Record(Phase phase = Phase.Running, HostConfig? host = null, ContainerStatus? status = null) => new()
    {
        Document = new ContainerDocument
        {
            Id = Id, Created = Noon, ImageId = "sha256:" + Id, Config = new ContainerConfig { Image = "busybox", Cmd = ["sh"] }, HostConfig = host ?? new HostConfig(),
        },
        Name = "web",
        Phase = phase,
        Status = status ?? new ContainerStatus { StartedAt = Noon },
    };
}
