using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Tests.Planning;

/// <summary>The specs whose plans are kept as golden files, each with as little beside its subject as a spec can have.</summary>
internal static class GoldenPlans
{
    private static readonly string[] AllNamespaces = ["mount", "pid", "uts", "ipc", "network", "cgroup"];

    private static readonly HostFacts Host = new()
    {
        IgnoredSignals = 1UL << 12, // SIGPIPE
        LastCapability = 40,
        PermittedCapabilities = 0x1ffffffffff,
        Rlimits = Enumerable.Range(0, 16).ToDictionary(i => i, _ => (1024UL, 4096UL)),
    };

    private static PlanInputs Inputs => new() { Facts = Host, Bundle = "/bundle" };

    private static Process Program => new() { Args = ["/bin/true"], Cwd = "/", Env = ["PATH=/bin:/usr/bin"] };

    private static RuntimeSpec Least => new()
    {
        Root = new Root { Path = "rootfs" },
        Process = Program,
        Linux = new LinuxSpec { Namespaces = [new Namespace { Type = "mount" }] },
    };

    public static IReadOnlyDictionary<string, Func<InitPlan>> All { get; } = new Dictionary<string, Func<InitPlan>>
    {
        ["least"] = () => Plan(Least),
        ["namespaces-new"] = () => Plan(Least with { Hostname = "web", Domainname = "example", Linux = Spaces(AllNamespaces) }),
        ["namespaces-joined"] = () => Plan(Least with { Linux = Spaces(["mount"], "network", "ipc", "uts", "cgroup", "pid") }),
        ["network-by-descriptor"] = () => Plan(Least with { Linux = Spaces(["mount", "network"]) }, Inputs with { NetworkIsDescriptor = true }),
        ["root-by-descriptor"] = () => Plan(Least, Inputs with { RootIsDescriptor = true }),
        ["root-readonly-and-shared"] = () => Plan(Least with { Root = new Root { Path = "/abs/rootfs", Readonly = true }, Linux = Least.Linux! with { RootfsPropagation = "rshared" } }),
        ["root-without-pivot"] = () => Plan(Least, Inputs with { NoPivot = true }),
        ["cgroups-entered"] = () => Plan(Least, Inputs with { Hierarchies = ["memory", "cpu,cpuacct", "systemd"] }),
        ["cgroup-v1-view"] = () => Plan(Mounts(Least, new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Options = ["ro", "nosuid", "noexec", "nodev"] }), CgroupV1),
        ["cgroup-v1-view-in-namespace"] = () => Plan(Mounts(Least with { Linux = Spaces(["mount", "cgroup"]) }, new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Options = ["ro"] }), CgroupV1),
        ["cgroup-v2-view"] = () => Plan(Mounts(Least, new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Options = ["ro"] }), CgroupV2),
        ["cgroup-v2-view-in-namespace"] = () => Plan(Mounts(Least with { Linux = Spaces(["mount", "cgroup"]) }, new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Options = ["ro"] }), CgroupV2),
        ["mounts-of-docker"] = () => Plan(Mounts(
            Least,
            new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new Mount { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
            new Mount { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = ["nosuid", "noexec", "nodev", "mode=1777", "size=67108864"] })),
        ["bind-folder"] = () => Plan(Mounts(Least, Bind("/src", "/data", "rbind", "rprivate"))),
        ["bind-file"] = () => Plan(Mounts(Least, Bind("/file", "/etc/hosts", "rbind", "rprivate"))),
        ["bind-read-only"] = () => Plan(Mounts(Least, Bind("/src", "/data", "bind", "ro", "nosuid"))),
        ["bind-recursively-read-only"] = () => Plan(Mounts(Least, Bind("/src", "/data", "rbind", "rro", "rprivate"))),
        ["bind-shared"] = () => Plan(Mounts(Least, Bind("/src", "/data", "rbind", "rshared"))),
        ["bind-at-a-deep-target"] = () => Plan(Mounts(Least, Bind("/src", "/a/b/c", "rbind"))),
        ["bind-over-a-dangling-link"] = () => Plan(
            Mounts(Least, Bind("/src", "/link/x", "rbind")), Inputs with { Facts = Host with { Targets = new Dictionary<string, string> { ["/link/x"] = "/real/x" } } }),
        ["tmpfs-with-options"] = () => Plan(Mounts(Least, new Mount { Destination = "/tmp", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "size=64m", "mode=1777", "noatime", "rprivate"] })),
        ["tmpfs-copied-up"] = () => Plan(Mounts(Least, new Mount { Destination = "/run", Type = "tmpfs", Source = "tmpfs", Options = ["tmpcopyup", "nosuid", "ro"] })),
        ["dev-read-only"] = () => Plan(Mounts(Least, new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["ro", "mode=755"] })),
        ["dev-of-the-host"] = () => Plan(Mounts(Least, Bind("/dev", "/dev", "rbind"))),
        ["devices-of-the-spec"] = () => Plan(Least with
        {
            Linux = Least.Linux! with
            {
                Devices =
                [
                    new Device { Path = "/dev/null", Type = "c", Major = 1, Minor = 3, FileMode = 0x1A4, Uid = 5 },
                    new Device { Path = "/dev/net/tun", Type = "c", Major = 10, Minor = 200 },
                    new Device { Path = "/dev/sda", Type = "b", Major = 8, Minor = 256, FileMode = 0x1B0 },
                    new Device { Path = "/run/pipe", Type = "p" },
                ],
            },
        }),
        ["terminal"] = () => Plan(Mounts(
            Least with { Process = Program with { Terminal = true, User = new User { Uid = 7, Gid = 8 } } },
            new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance"] })),
        ["stdio"] = () => Plan(Least with { Process = Program with { User = new User { Uid = 7 } } }, Inputs with { HasStdio = true, Facts = Host with { StdioOwnable = [true, true, false] } }),
        ["masked-and-read-only-paths"] = () => Plan(
            Least with { Linux = Least.Linux! with { MaskedPaths = ["/proc/kcore", "/proc/acpi", "/sys/firmware", "/nowhere"], ReadonlyPaths = ["/proc/sys", "/proc/bus"] } },
            Inputs with
            {
                Facts = Host with
                {
                    Masked = new Dictionary<string, FileKind> { ["/proc/kcore"] = FileKind.File, ["/proc/acpi"] = FileKind.Folder, ["/sys/firmware"] = FileKind.Folder },
                },
            }),
        ["sysctls"] = () => Plan(Least with
        {
            Linux = Spaces(AllNamespaces) with
            {
                Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1", ["net/ipv4/conf/eth0.1/forwarding"] = "0", ["kernel.shmmax"] = "65536" },
            },
        }),
        ["capabilities-of-root"] = () => Plan(Least with { Process = Program with { Capabilities = Sets("CAP_CHOWN", "CAP_MKNOD", "CAP_UNHEARD_OF") } }),
        ["capabilities-of-a-user"] = () => Plan(Least with
        {
            Process = Program with
            {
                User = new User { Uid = 1000, Gid = 1000, AdditionalGids = [10, 20], Umask = 0x3F },
                Capabilities = Sets("CAP_NET_RAW") with { Inheritable = ["CAP_NET_RAW"], Ambient = ["CAP_NET_RAW"] },
            },
            Linux = Least.Linux! with { Seccomp = Filter },
        }),
        ["seccomp-with-no-new-privileges"] = () => Plan(Least with { Process = Program with { NoNewPrivileges = true }, Linux = Least.Linux! with { Seccomp = Filter } }),
        ["rlimits"] = () => Plan(Least with
        {
            Process = Program with
            {
                Rlimits =
                [
                    new Rlimit { Type = "RLIMIT_NOFILE", Soft = 100, Hard = 200 },
                    new Rlimit { Type = "RLIMIT_NPROC", Soft = 100000, Hard = ulong.MaxValue },
                ],
            },
        }),
        ["scheduling"] = () => Plan(Least with
        {
            Process = Program with
            {
                OomScoreAdj = 500,
                IoPriority = new IOPriority { Class = "IOPRIO_CLASS_BE", Priority = 4 },
                Scheduler = new Scheduler { Policy = "SCHED_BATCH", Nice = 5 },
            },
            Linux = Least.Linux! with { Personality = new Personality { Domain = "LINUX32" } },
        }),
        ["program-in-path-with-gate"] = () => Plan(Least with { Process = Program with { Args = ["sh", "-c", "a \"b\""] } }, Inputs with { HasGate = true, HasHooks = true, PreservedDescriptors = 2 }),
        ["exec"] = () => InitPlan.CompileExec(
            Least with { Linux = Spaces(AllNamespaces) with { Seccomp = Filter } },
            Program with { Args = ["id"], User = new User { Uid = 7 }, Cwd = "/tmp" },
            Inputs with { Hierarchies = ["memory"], HasStdio = true }),
        ["exec-in-terminal"] = () => InitPlan.CompileExec(Least, Program with { Terminal = true }, Inputs),
    };

    private static PlanInputs CgroupV1 => Inputs with
    {
        Facts = Host with
        {
            CgroupVersion = 1,
            Cgroups =
            [
                new CgroupView("memory", "memory", "/sys/fs/cgroup/memory/berth/x", []),
                new CgroupView("cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/berth/x", ["cpu", "cpuacct"]),
            ],
        },
    };

    private static PlanInputs CgroupV2 => Inputs with { Facts = Host with { CgroupVersion = 2, Cgroups = [new CgroupView("", "", "/sys/fs/cgroup/berth/x", [])] } };

    private static SeccompPolicy Filter => new()
    {
        DefaultAction = "SCMP_ACT_ERRNO",
        Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        Syscalls = [new SeccompRule { Names = ["read", "write", "execve"], Action = "SCMP_ACT_ALLOW" }],
    };

    private static InitPlan Plan(RuntimeSpec spec, PlanInputs? inputs = null) => InitPlan.Compile(spec, WithSources(inputs ?? Inputs));

    private static PlanInputs WithSources(PlanInputs inputs) => inputs with
    {
        Facts = inputs.Facts with { Sources = new Dictionary<string, FileKind> { ["/src"] = FileKind.Folder, ["/file"] = FileKind.File, ["/dev"] = FileKind.Folder } },
    };

    private static RuntimeSpec Mounts(RuntimeSpec spec, params Mount[] mounts) => spec with { Mounts = mounts };

    private static Mount Bind(string source, string target, params string[] options) => new() { Destination = target, Type = "bind", Source = source, Options = options };

    private static LinuxSpec Spaces(string[] made, params string[] joined) => new()
    {
        Namespaces = [.. made.Select(t => new Namespace { Type = t }), .. joined.Select(t => new Namespace { Type = t, Path = $"/proc/1/ns/{t}" })],
    };

    private static CapabilitySets Sets(params string[] names) => new() { Bounding = names, Effective = names, Permitted = names };
}
