using Berth.Linux.Capabilities;
using Berth.Oci.Json;

namespace Berth.Runtime.Commands;

/// <summary>`features`: what this runtime does, for callers that ask before they rely on it. OCI runtime specification, features.md.</summary>
internal static class FeaturesCommand
{
    private const string MountOptions =
        "async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec noiversion "
        + "nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime relatime rexec rnoatime rnodev "
        + "rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime "
        + "rsuid rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync unbindable";

    public static int Run()
    {
        Print.Line(JsonText.Object(j => j
            .Member("ociVersionMin", "1.0.0")
            .Member("ociVersionMax", "1.2.0")
            .Member("hooks", ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
            .Member("mountOptions", MountOptions.Split(' '))
            .Member("linux", Linux)).ToString());
        return 0;
    }

    private static void Linux(JsonText json) => json
        .Member("namespaces", ["cgroup", "ipc", "mount", "network", "pid", "uts"])
        .Member("capabilities", Capability.All)
        .Member("cgroup", c => c.Member("v1", true).Member("v2", true).Member("systemd", false).Member("systemdUser", false).Member("rdma", false))
        .Member("seccomp", Seccomp)
        .Member("apparmor", a => a.Member("enabled", true))
        .Member("selinux", a => a.Member("enabled", false));

    private static void Seccomp(JsonText json) => json
        .Member("enabled", true)
        .Member("actions", "ALLOW ERRNO KILL KILL_PROCESS KILL_THREAD LOG TRACE TRAP".Split(' ').Select(a => $"SCMP_ACT_{a}").ToArray())
        .Member("operators", "EQ GE GT LE LT MASKED_EQ NE".Split(' ').Select(o => $"SCMP_CMP_{o}").ToArray())
        .Member("archs", ["SCMP_ARCH_AARCH64", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"])
        .Member("knownFlags", ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"]);
}
