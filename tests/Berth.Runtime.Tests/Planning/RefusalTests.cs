using Berth.Oci.Runtime;
using Berth.Runtime.Init;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Tests.Planning;

/// <summary>What is asked for and not done is refused by name, never left out.</summary>
public sealed class RefusalTests
{
    private static readonly RuntimeSpec Good = new()
    {
        Root = new Root { Path = "rootfs" },
        Process = new Process { Args = ["/bin/true"], Cwd = "/" },
        Linux = new LinuxSpec { Namespaces = [new Namespace { Type = "mount" }] },
    };

    public static TheoryData<string, string> Cases => new()
    {
        { "no process", "process is missing" },
        { "no args", "process.args" },
        { "relative cwd", "process.cwd" },
        { "no root", "root.path" },
        { "no mount namespace", "mount namespace" },
        { "user namespace", "user namespace" },
        { "time namespace", "time namespace" },
        { "unknown namespace", "\"galaxy\"" },
        { "joined mount namespace", "joins a mount namespace" },
        { "hostname without uts", "hostname" },
        { "sysctl of the host", "kernel.panic" },
        { "sysctl without network", "net.core.somaxconn" },
        { "sysctl that goes up", "malformed" },
        { "unknown rlimit", "RLIMIT_LUCK" },
        { "unknown device", "linux.devices[0]" },
        { "mount without type", "mounts[0].type" },
        { "mount going up", "\"..\"" },
        { "id-mapped mount", "id mappings" },
        { "idmap option", "idmap" },
        { "recursive option on a file system", "recursive" },
        { "unknown propagation", "rootfsPropagation" },
        { "seccomp notify", "SCMP_ACT_NOTIFY" },
        { "seccomp flag", "SECCOMP_FILTER_FLAG_NEW_LISTENER" },
        { "apparmor without the kernel's", "apparmorProfile" },
        { "unknown scheduler", "SCHED_EXT" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsRefusedByName(string what, string named)
    {
        LaunchException refusal = Assert.Throws<LaunchException>(() => InitPlan.Compile(Spec(what), new PlanInputs { Facts = new HostFacts() }));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(128, refusal.ExitCode);
    }

    private static RuntimeSpec Spec(string what) => what switch
    {
        "no process" => Good with { Process = null },
        "no args" => Good with { Process = new Process { Cwd = "/" } },
        "relative cwd" => Good with { Process = Good.Process! with { Cwd = "tmp" } },
        "no root" => Good with { Root = null },
        "no mount namespace" => Good with { Linux = new LinuxSpec() },
        "user namespace" => Spaces("mount", "user"),
        "time namespace" => Spaces("mount", "time"),
        "unknown namespace" => Spaces("mount", "galaxy"),
        "joined mount namespace" => Good with { Linux = new LinuxSpec { Namespaces = [new Namespace { Type = "mount", Path = "/proc/1/ns/mnt" }] } },
        "hostname without uts" => Good with { Hostname = "x" },
        "sysctl of the host" => Sysctl("kernel.panic"),
        "sysctl without network" => Sysctl("net.core.somaxconn"),
        "sysctl that goes up" => Sysctl("net/../../x"),
        "unknown rlimit" => Good with { Process = Good.Process! with { Rlimits = [new Rlimit { Type = "RLIMIT_LUCK" }] } },
        "unknown device" => Good with { Linux = Good.Linux! with { Devices = [new Device { Path = "/dev/x", Type = "q" }] } },
        "mount without type" => Mounted(new Mount { Destination = "/x" }),
        "mount going up" => Mounted(new Mount { Destination = "/x/../../y", Type = "tmpfs" }),
        "id-mapped mount" => Mounted(new Mount { Destination = "/x", Type = "bind", Source = "/", UidMappings = [new IdMapping()] }),
        "idmap option" => Mounted(new Mount { Destination = "/x", Type = "bind", Source = "/", Options = ["idmap"] }),
        "recursive option on a file system" => Mounted(new Mount { Destination = "/x", Type = "tmpfs", Options = ["rro"] }),
        "unknown propagation" => Good with { Linux = Good.Linux! with { RootfsPropagation = "sideways" } },
        "seccomp notify" => Filtered(new SeccompPolicy { DefaultAction = "SCMP_ACT_NOTIFY" }),
        "seccomp flag" => Filtered(new SeccompPolicy { DefaultAction = "SCMP_ACT_ALLOW", Flags = ["SECCOMP_FILTER_FLAG_NEW_LISTENER"] }),
        "apparmor without the kernel's" => Good with { Process = Good.Process! with { ApparmorProfile = "p" } },
        "unknown scheduler" => Good with { Process = Good.Process! with { Scheduler = new Scheduler { Policy = "SCHED_EXT" } } },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static RuntimeSpec Spaces(params string[] types) => Good with { Linux = new LinuxSpec { Namespaces = [.. types.Select(t => new Namespace { Type = t })] } };

    private static RuntimeSpec Sysctl(string key) => Good with { Linux = Good.Linux! with { Sysctl = new Dictionary<string, string> { [key] = "1" } } };

    private static RuntimeSpec Mounted(Mount mount) => Good with { Mounts = [mount] };

    private static RuntimeSpec Filtered(SeccompPolicy policy) => Good with { Linux = Good.Linux! with { Seccomp = policy } };
}
