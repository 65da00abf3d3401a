using System.Text.Json;

using Berth.Linux.Capabilities;

namespace Berth.Runtime.Commands;

/// <summary>`features`: what this runtime does, for callers that ask before they rely on it.</summary>
internal static class FeaturesCommand
{
    public static int Run()
    {
        Print.Line(JsonSerializer.Serialize(
            new Features
            {
                OciVersionMin = "1.0.0",
                OciVersionMax = "1.2.0",
                Hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
                MountOptions =
                [
                    "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime", "loud", "mand", "noatime", "nodev",
                    "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "private",
                    "ratime", "rbind", "rdev", "rdiratime", "relatime", "rexec", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime",
                    "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
                    "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "unbindable",
                ],
                Linux = new Features.LinuxFeatures
                {
                    Namespaces = ["cgroup", "ipc", "mount", "network", "pid", "uts"],
                    Capabilities = Capability.All,
                    Cgroup = new Features.CgroupFeatures(V1: true, V2: true, Systemd: false, SystemdUser: false, Rdma: false),
                    Seccomp = new Features.SeccompFeatures(
                        true,
                        ["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"],
                        ["SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE"],
                        ["SCMP_ARCH_AARCH64", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"],
                        ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"]),
                    Apparmor = new Features.EnabledFeature(true),
                    Selinux = new Features.EnabledFeature(false),
                },
            },
            CommandJson.Default.Features));
        return 0;
    }
}
