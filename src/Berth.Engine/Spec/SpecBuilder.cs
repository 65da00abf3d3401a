using Berth.Api;
using Berth.Oci.Runtime;

namespace Berth.Engine.Spec;

/// <summary>
/// From what a container was asked to be to an OCI spec: a pure function, equal to what dockerd hands to its runtime.
/// The root is the monitor's descriptor, so root.path is only a name for messages.
/// </summary>
public static class SpecBuilder
{
    /// <summary>Where --init's program appears in the container.</summary>
    public const string InitProgram = "/sbin/docker-init";

    public static RuntimeSpec Build(SpecInput input)
    {
        SecurityOptions security = SecurityOptions.Parse(input.HostConfig.SecurityOpt);
        bool privileged = input.HostConfig.Privileged == true;
        bool open = privileged || security.SystemPathsUnconfined;
        bool ownUts = input.HostConfig.UTSMode != "host";
        return new RuntimeSpec
        {
            OciVersion = "1.2.0",
            Process = Process(input, security),
            Root = new Root { Path = "rootfs", Readonly = input.HostConfig.ReadonlyRootfs == true },
            Hostname = ownUts ? input.Config.Hostname : null,
            Domainname = ownUts && !string.IsNullOrEmpty(input.Config.Domainname) ? input.Config.Domainname : null,
            Mounts = SpecMounts.Of(input),
            Annotations = input.HostConfig.Annotations,
            Linux = new LinuxSpec
            {
                CgroupsPath = input.CgroupPath,
                Namespaces = Namespaces(input),
                Resources = ResourceLimits.ToSpec(input.HostConfig) with { Devices = DeviceRules(input) },
                Devices = [.. input.Devices.Select(d => d.Device)],
                Sysctl = Sysctls(input),
                Seccomp = input.Seccomp,
                MaskedPaths = input.HostConfig.MaskedPaths ?? (open ? null : DefaultPaths.Masked(input.Host)),
                ReadonlyPaths = input.HostConfig.ReadonlyPaths ?? (open ? null : DefaultPaths.ReadOnly),
                RootfsPropagation = SpecMounts.RootPropagation(input),
            },
        };
    }

    /// <summary>The five sets of a process that runs as root or not: as runc, ambient stays empty.</summary>
    public static CapabilitySets CapabilitySets(HostConfig host, HostFacts facts)
    {
        IReadOnlyList<string> names = Capabilities.Of(host.CapAdd, host.CapDrop, host.Privileged == true, facts.Capabilities);
        return new CapabilitySets { Bounding = names, Effective = names, Permitted = names };
    }

    private static Process Process(SpecInput input, SecurityOptions security)
    {
        bool terminal = input.Config.Tty == true;
        IReadOnlyList<string> arguments = ConfigMerge.Arguments(input.Config);
        return new Process
        {
            Terminal = terminal,
            ConsoleSize = terminal && input.HostConfig.ConsoleSize is [var rows and > 0, var columns and > 0] ? new ConsoleSize { Height = (uint)rows, Width = (uint)columns } : null,
            User = input.User,
            Args = input.InitPath is null ? arguments : [InitProgram, "--", .. arguments],
            Env = ContainerEnvironment.Of(input.Config.Env, input.Config.Hostname ?? "", terminal, input.Home),
            Cwd = string.IsNullOrEmpty(input.Config.WorkingDir) ? "/" : input.Config.WorkingDir,
            Capabilities = CapabilitySets(input.HostConfig, input.Host),
            Rlimits = Ulimits.Of(input.HostConfig.Ulimits, input.OpenFiles),
            NoNewPrivileges = security.NoNewPrivileges,
            OomScoreAdj = (int?)input.HostConfig.OomScoreAdj ?? 0,
        };
    }

    private static IReadOnlyList<Namespace> Namespaces(SpecInput input)
    {
        HostConfig host = input.HostConfig;
        var namespaces = new List<Namespace> { new() { Type = "mount" } };
        Add("network", host.NetworkMode == "host" && !input.NetworkIsDescriptor);
        Add("uts", host.UTSMode == "host");
        Add("pid", host.PidMode == "host");
        Add("ipc", host.IpcMode == "host");
        Add("cgroup", host.CgroupnsMode == "host");
        return namespaces;

        void Add(string type, bool isHosts)
        {
            if (!isHosts)
            {
                namespaces.Add(new Namespace { Type = type, Path = input.JoinedNamespaces.GetValueOrDefault(type) });
            }
        }
    }

    private static IReadOnlyList<DeviceRule> DeviceRules(SpecInput input) => input.HostConfig.Privileged == true
        ? Devices.AllRules
        :
        [
            .. Devices.DefaultRules,
            .. input.Devices.Select(d => new DeviceRule { Allow = true, Type = d.Device.Type, Major = d.Device.Major, Minor = d.Device.Minor, Access = d.Access }),
            .. (input.HostConfig.DeviceCgroupRules ?? []).Select(Devices.ParseRule),
        ];

    // In a network namespace of its own, ping without a capability and low ports for everybody harm nobody else (Docker's defaults since 20.10).
    private static IReadOnlyDictionary<string, string>? Sysctls(SpecInput input)
    {
        var sysctls = new Dictionary<string, string>();
        bool ownNetwork = input.HostConfig.NetworkMode is not "host" && input.HostConfig.NetworkMode?.StartsWith("container:", StringComparison.Ordinal) != true;
        if (ownNetwork && input.Host.Sysctls.Contains("net.ipv4.ping_group_range"))
        {
            sysctls["net.ipv4.ping_group_range"] = "0 2147483647";
        }

        if (ownNetwork && input.Host.Sysctls.Contains("net.ipv4.ip_unprivileged_port_start"))
        {
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
        }

        foreach ((string name, string value) in input.HostConfig.Sysctls ?? new Dictionary<string, string>())
        {
            sysctls[name] = value;
        }

        return sysctls.Count > 0 ? sysctls : null;
    }
}
