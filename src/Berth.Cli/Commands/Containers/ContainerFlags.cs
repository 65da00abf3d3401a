using Berth.Cli.CommandLine;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>The flags that describe a container, shared by run and create.</summary>
internal static class ContainerFlags
{
    /// <summary>Only for "run".</summary>
    public static Flag[] Run() =>
    [
        Flag.Bool("detach", "Leave the container in the background and print its ID", 'd'),
        Flag.Bool("sig-proxy", "Pass the signals we get on to the process") with { Default = "true" },
        Flag.Text("detach-keys", "Other keys to leave the container with than ctrl-p,ctrl-q"),
        .. Shared(),
    ];

    public static Flag[] Shared() =>
    [
        .. General(), .. Security(), .. Network(), .. Storage(), .. Health(), .. Resources(), .. LowLevel(),
    ];

    private static Flag[] General() =>
    [
        Flag.Text("name", "Name the container"),
        Flag.Text("pull", "When to pull the image (\"always\", \"missing\", \"never\")", @default: "\"missing\"") with { Choices = ["always", "missing", "never"] },
        Flag.Bool("quiet", "Say nothing while pulling", 'q'),
        Flag.Text("platform", "Platform of the image, where it has several"),
        new Flag("help", FlagKind.Bool, "Print usage"),
        Flag.List("attach", "Attach to STDIN, STDOUT or STDERR", 'a', HostChecks.Stream) with { Choices = ["stdin", "stdout", "stderr"] },
        Flag.List("env", "Set environment variables", 'e', KeyValue.CheckEnvironment),
        Flag.List("env-file", "Read environment variables from a file"),
        Flag.Text("entrypoint", "Another entrypoint than the image's"),
        Flag.List("group-add", "Further groups to be in"),
        Flag.Text("hostname", "Host name of the container", 'h'),
        Flag.Text("domainname", "NIS domain name of the container"),
        Flag.Bool("interactive", "Keep standard input open", 'i'),
        Flag.List("label", "Set labels on the container", 'l', KeyValue.CheckLabel),
        Flag.List("label-file", "Read labels from a file, one a line"),
        Flag.Bool("read-only", "Make the root file system read-only"),
        Flag.Text("restart", "When to restart after the container exits", @default: "\"no\"") with { Choices = ["no", "always", "unless-stopped", "on-failure"] },
        Flag.Text("stop-signal", "Signal that stops the container"),
        Flag.Int("stop-timeout", "Seconds to wait for it to stop before it is killed"),
        Flag.List("sysctl", "Set kernel parameters of the container's namespaces", check: HostChecks.Sysctl, valueName: "map") with { Default = "map[]" },
        Flag.Bool("tty", "Give it a terminal", 't'),
        Flag.List("ulimit", "Set resource limits of its processes", check: LimitSpecs.CheckUlimit, valueName: "ulimit") with { Default = "[]" },
        Flag.Text("user", "User name or UID, and group (format: <name|uid>[:<group|gid>])", 'u'),
        Flag.Text("workdir", "Folder to start in, inside the container", 'w'),
        Flag.Bool("rm", "Remove the container with its anonymous volumes when it exits"),
        Flag.Bool("use-api-socket", "Give the container the engine's socket and credentials"),
        Flag.Bool("disable-content-trust", "Skip verification of the image") with { Default = "true", Deprecated = "there is no content trust to switch off" },
    ];

    private static Flag[] Security() =>
    [
        Flag.List("cap-add", "Add Linux capabilities"),
        Flag.List("cap-drop", "Drop Linux capabilities"),
        Flag.Bool("privileged", "Take away what keeps the container from the host"),
        Flag.List("security-opt", "Security options"),
        Flag.Text("userns", "User namespace to use"),
        Flag.Text("cgroupns", "Cgroup namespace to use (host|private)") with { Choices = ["host", "private"] },
    ];

    private static Flag[] Network() =>
    [
        Flag.List("add-host", "Add a host name with its address (host:ip)", check: HostChecks.ExtraHost),
        Flag.List("dns", "DNS servers to ask", check: HostChecks.Address),
        Flag.List("dns-option", "DNS resolver options"),
        Flag.List("dns-opt", "") with { Hidden = true, SameAs = "dns-option" },
        Flag.List("dns-search", "DNS domains to search", check: HostChecks.SearchDomain),
        Flag.List("expose", "Expose a port or a range of ports"),
        Flag.Text("ip", "IPv4 address (e.g., 172.30.100.104)"),
        Flag.Text("ip6", "IPv6 address (e.g., 2001:db8::33)"),
        Flag.List("link", "Link to another container", check: HostChecks.Link) with { SingleDash = true, Completes = Completes.Containers },
        Flag.List("link-local-ip", "Link-local addresses of the container"),
        Flag.Text("mac-address", "MAC address (e.g., 92:d0:c6:0a:29:33)"),
        Flag.List("publish", "Publish ports of the container on the host", 'p'),
        Flag.Bool("publish-all", "Publish every exposed port on a free port of the host", 'P'),
        Flag.Text("publish-policy", "How ports are published: open (fast, past the host's firewall) or host (its firewall decides)") with { Choices = PublishPolicy.Choices, Check = PublishPolicy.Check },
        Flag.List("network", "Connect the container to a network", check: NetworkSpec.Check, valueName: "network") with { Completes = Completes.Networks },
        Flag.List("net", "", check: NetworkSpec.Check) with { Hidden = true, Completes = Completes.Networks, SameAs = "network" },
        Flag.List("network-alias", "Further names of the container on its network"),
        Flag.List("net-alias", "") with { Hidden = true, SameAs = "network-alias" },
    ];

    private static Flag[] Storage() =>
    [
        Flag.Text("log-driver", "Where the container's log goes"),
        Flag.List("log-opt", "Options of the log driver"),
        Flag.Text("volume-driver", "Driver for the container's volumes"),
        Flag.List("storage-opt", "Options of the storage driver"),
        Flag.List("tmpfs", "Mount an empty file system kept in memory"),
        Flag.List("volumes-from", "Mount the volumes of other containers") with { Completes = Completes.Containers },
        Flag.List("volume", "Mount a folder of the host, or a volume", 'v'),
        Flag.List("mount", "Mount something in the container", check: MountSpec.Check, valueName: "mount"),
    ];

    private static Flag[] Health() =>
    [
        Flag.Text("health-cmd", "Command that tells whether the container is well"),
        Flag.Duration("health-interval", "Time between two checks (ms|s|m|h)"),
        Flag.Int("health-retries", "Failures in a row until it counts as unhealthy"),
        Flag.Duration("health-timeout", "Longest time for one check (ms|s|m|h)"),
        Flag.Duration("health-start-period", "Time to get ready, in which failures do not count (ms|s|m|h)"),
        Flag.Duration("health-start-interval", "Time between two checks while it gets ready (ms|s|m|h)"),
        Flag.Bool("no-healthcheck", "Switch the image's health check off"),
    ];

    private static Flag[] Resources() =>
    [
        new("blkio-weight", FlagKind.Uint16, "Relative weight of block I/O, 10 to 1000; 0: none of its own") { ValueName = "uint16", Default = "0" },
        Flag.List("blkio-weight-device", "Relative weight of block I/O on a device", check: LimitSpecs.CheckWeightDevice) with { Default = "[]" },
        Flag.Text("cidfile", "Write the container's ID to a file"),
        Flag.Text("cpuset-cpus", "CPUs to run on (0-3, 0,1)"),
        Flag.Text("cpuset-mems", "Memory nodes to use (0-3, 0,1)"),
        Flag.Int("cpu-count", "Number of CPUs (Windows only)"),
        Flag.Int("cpu-percent", "Percent of CPU (Windows only)"),
        Flag.Int("cpu-period", "Period of the CPU limit, in microseconds"),
        Flag.Int("cpu-quota", "CPU time in each period, in microseconds"),
        Flag.Int("cpu-rt-period", "Period of the real-time CPU limit, in microseconds"),
        Flag.Int("cpu-rt-runtime", "Real-time CPU time in each period, in microseconds"),
        Flag.Int("cpu-shares", "Relative weight of CPU time", 'c'),
        Flag.Text("cpus", "Number of CPUs") with { ValueName = "decimal", Check = LimitSpecs.CheckCpus },
        Flag.List("device-read-bps", "Bytes a second to read from a device", check: LimitSpecs.CheckBytesRate) with { Default = "[]" },
        Flag.List("device-read-iops", "Reads a second from a device", check: LimitSpecs.CheckOperationsRate) with { Default = "[]" },
        Flag.List("device-write-bps", "Bytes a second to write to a device", check: LimitSpecs.CheckBytesRate) with { Default = "[]" },
        Flag.List("device-write-iops", "Writes a second to a device", check: LimitSpecs.CheckOperationsRate) with { Default = "[]" },
        Flag.List("device", "Give it a device of the host"),
        Flag.List("device-cgroup-rule", "Add a rule to the devices it may use", check: HostChecks.DeviceRule),
        Flag.List("gpus", "GPUs to give it ('all' for all of them)", check: GpuSpec.Check, valueName: "gpu-request"),
        Flag.Bytes("io-maxbandwidth", "Bandwidth of the system drive (Windows only)"),
        new("io-maxiops", FlagKind.Uint, "Operations a second of the system drive (Windows only)") { ValueName = "uint" },
        Flag.Bytes("memory", "Memory limit", 'm'),
        Flag.Bytes("memory-reservation", "Memory to fall back to when the host is short of it"),
        Flag.Bytes("memory-swap", "Limit of memory and swap together; '-1' for no limit") with { Check = LimitSpecs.CheckSwap },
        Flag.Int("memory-swappiness", "How readily its memory is swapped out (0 to 100)", @default: "-1"),
        Flag.Bytes("kernel-memory", "Kernel memory limit") with { Deprecated = "and no longer supported by the kernel" },
        Flag.Bool("oom-kill-disable", "Keep the kernel from killing it when memory runs out"),
        Flag.Int("oom-score-adj", "How likely the host kills it when memory runs out (-1000 to 1000)"),
        Flag.Int("pids-limit", "Most processes at once (-1 for no limit)"),
        Flag.Bytes("shm-size", "Size of /dev/shm"),
    ];

    private static Flag[] LowLevel() =>
    [
        Flag.List("annotation", "Annotations for the runtime", valueName: "map") with { Default = "map[]" },
        Flag.Text("cgroup-parent", "Cgroup to put the container's below"),
        Flag.Bool("init", "Run an init inside that passes on signals and reaps processes"),
        Flag.Text("ipc", "IPC namespace to use"),
        Flag.Text("isolation", "Isolation technology (Windows only)"),
        Flag.Text("pid", "PID namespace to use"),
        Flag.Text("runtime", "Runtime to use"),
        Flag.Text("uts", "UTS namespace to use"),
    ];
}
