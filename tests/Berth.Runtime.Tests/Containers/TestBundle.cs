using System.Text.Json;

using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Containers;

/// <summary>A bundle with busybox as its root, a root folder for the runtime's records, and a spec as Docker would write it. Gone when disposed.</summary>
internal sealed class TestBundle : IDisposable
{
    private static readonly string[] DefaultCapabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-runtime-test-").FullName;

    public TestBundle()
    {
        foreach (string folder in (string[])["bin", "dev", "etc", "proc", "sys", "tmp", "root"])
        {
            Directory.CreateDirectory($"{Rootfs}/{folder}");
        }

        File.Copy("/usr/bin/busybox", $"{Rootfs}/bin/busybox");
        Array.ForEach(
            "cat chmod chroot dd echo false grep head hostname id kill ln ls mkdir mknod mount readlink reboot sh sleep stat touch true tty ulimit umount wc".Split(' '),
            a => File.CreateSymbolicLink($"{Rootfs}/bin/{a}", "busybox"));
        File.WriteAllText($"{Rootfs}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        File.WriteAllText($"{Rootfs}/bin/not-executable", "#!/bin/sh\n");
        File.WriteAllText($"{Rootfs}/bin/no-interpreter", "#!/nowhere/sh\n");
        File.WriteAllText($"{Rootfs}/bin/no-format", "nothing that runs");
        File.SetUnixFileMode($"{Rootfs}/bin/no-interpreter", (UnixFileMode)0x1ED);
        File.SetUnixFileMode($"{Rootfs}/bin/no-format", (UnixFileMode)0x1ED);
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        Id = $"t{Guid.NewGuid():N}";
        Spec = DefaultSpec(CgroupPath);
    }

    public string Id { get; }

    public string Path => _folder;

    public string Rootfs => $"{_folder}/rootfs";

    public string Root => $"{_folder}/state";

    public string CgroupPath => $"/berth-runtime-tests-{Environment.ProcessId}/{Id}";

    public RuntimeSpec Spec { get; set; }

    public LinuxSpec Linux
    {
        get => Spec.Linux!;
        set => Spec = Spec with { Linux = value };
    }

    public Process Process
    {
        get => Spec.Process!;
        set => Spec = Spec with { Process = value };
    }

    /// <summary>Runs a shell command as the container's program.</summary>
    public RuntimeProgramUnderTest.Outcome RunShell(string command) => RunProgram("/bin/sh", "-c", command);

    public RuntimeProgramUnderTest.Outcome RunProgram(params string[] args)
    {
        Process = Process with { Args = args };
        WriteSpec();
        return Command("run", "--bundle", _folder, Id);
    }

    /// <summary>A command of the runtime, with this bundle's root folder.</summary>
    public RuntimeProgramUnderTest.Outcome Command(params string[] args) => RuntimeProgramUnderTest.Run(["--root", Root, .. args]);

    public void WriteSpec() => File.WriteAllBytes($"{_folder}/config.json", JsonSerializer.SerializeToUtf8Bytes(Spec, RuntimeJson.Default.RuntimeSpec));

    public void AddMount(Mount mount) => Spec = Spec with { Mounts = [.. Spec.Mounts!, mount] };

    /// <summary>Nothing of the container is left: record, cgroups, mounts.</summary>
    public void AssertNothingLeft()
    {
        Assert.False(Directory.Exists($"{Root}/{Id}"), "the record is left");
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), h => Directory.Exists(h + CgroupPath));
        Assert.DoesNotContain(_folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _ = Command("delete", "--force", Id);
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
        {
            string parent = hierarchy + System.IO.Path.GetDirectoryName(CgroupPath);
            if (Directory.Exists(parent) && Directory.GetDirectories(parent).Length == 0)
            {
                try
                {
                    Directory.Delete(parent);
                }
                catch (IOException)
                {
                    // another test of this run has just made its own below
                }
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static RuntimeSpec DefaultSpec(string cgroup) => new()
    {
        OciVersion = "1.2.0",
        Hostname = "test",
        Root = new Root { Path = "rootfs" },
        Process = new Process
        {
            Cwd = "/",
            Env = ["PATH=/usr/local/bin:/usr/bin:/bin"],
            User = new User(),
            Capabilities = new CapabilitySets { Bounding = DefaultCapabilities, Effective = DefaultCapabilities, Permitted = DefaultCapabilities },
        },
        Mounts =
        [
            new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new Mount { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
            new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["ro", "nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            new Mount { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = ["nosuid", "noexec", "nodev", "mode=1777", "size=67108864"] },
        ],
        Linux = new LinuxSpec
        {
            CgroupsPath = cgroup,
            Namespaces = [.. "mount network uts pid ipc".Split(' ').Select(t => new Namespace { Type = t })],
            Seccomp = DefaultSeccompPolicy.For(DefaultCapabilities),
            Resources = new Resources { Devices = [new DeviceRule { Allow = false, Access = "rwm" }] },
            MaskedPaths = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };
}
