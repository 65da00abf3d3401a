namespace Berth.Runtime.Commands;

/// <summary>Answer of `features`. OCI runtime specification, features.md.</summary>
internal sealed record Features
{
    public required string OciVersionMin { get; init; }

    public required string OciVersionMax { get; init; }

    public required IReadOnlyList<string> Hooks { get; init; }

    public required IReadOnlyList<string> MountOptions { get; init; }

    public required LinuxFeatures Linux { get; init; }

    internal sealed record LinuxFeatures
    {
        public required IReadOnlyList<string> Namespaces { get; init; }

        public required IReadOnlyList<string> Capabilities { get; init; }

        public required CgroupFeatures Cgroup { get; init; }

        public required SeccompFeatures Seccomp { get; init; }

        public required EnabledFeature Apparmor { get; init; }

        public required EnabledFeature Selinux { get; init; }
    }

    internal sealed record CgroupFeatures(bool V1, bool V2, bool Systemd, bool SystemdUser, bool Rdma);

    internal sealed record SeccompFeatures(
        bool Enabled, IReadOnlyList<string> Actions, IReadOnlyList<string> Operators, IReadOnlyList<string> Archs, IReadOnlyList<string> KnownFlags);

    internal sealed record EnabledFeature(bool Enabled);
}
