using Berth.Api;
using Berth.Engine.Spec;
using Berth.Oci.Runtime;

namespace Berth.Engine.Tests.Spec;

public sealed class SpecBuilderTests
{
    [Fact]
    public void APlainContainersSpecIsDockers()
    {
        string golden = Path.Join(AppContext.BaseDirectory, "Spec", "plain.golden.json");
        string spec = SpecText.Json(SpecText.Build(Samples.Plan()));
        string received = Path.Join(AppContext.BaseDirectory, "plain.received.json");
        File.WriteAllText(received, spec); // to compare with, and to copy when a change is meant
        Assert.Equal(File.ReadAllText(golden), spec);
    }

    [Fact]
    public void MemoryAndSwap() => Assert.Equal(
        ["+ linux.resources.memory.limit = 67108864", "+ linux.resources.memory.swap = 134217728"],
        SpecText.Change(new HostConfig { Memory = 64 << 20 }));

    [Fact]
    public void CpusPidsAndSets() => Assert.Equal(
        [
            "+ linux.resources.cpu.shares = 512", "+ linux.resources.cpu.quota = 150000", "+ linux.resources.cpu.period = 100000", "+ linux.resources.cpu.cpus = \"0,2\"",
            "+ linux.resources.pids.limit = 50",
        ],
        SpecText.Change(new HostConfig { NanoCpus = 1_500_000_000, CpuShares = 512, CpusetCpus = "0,2", PidsLimit = 50 }));

    [Fact]
    public void UnlimitedPidsAreMinusOne() => Assert.Equal(["+ linux.resources.pids.limit = -1"], SpecText.Change(new HostConfig { PidsLimit = -1 }));

    [Fact]
    public void ATerminalHasTermAndASize() => Assert.Equal(
        [
            "- process.terminal = false", "- process.env = [\"PATH=/bin\",\"HOSTNAME=0a1b2c3d4e5f\",\"HOME=/\"]", "+ process.terminal = true",
            "+ process.consoleSize.height = 24", "+ process.consoleSize.width = 80", "+ process.env = [\"PATH=/bin\",\"HOSTNAME=0a1b2c3d4e5f\",\"TERM=xterm\",\"HOME=/\"]",
        ],
        SpecText.Change(Samples.Request with { Tty = true, HostConfig = new HostConfig { ConsoleSize = [24, 80] } }));

    [Fact]
    public void AReadOnlyRootTakesMostDefaultMountsAlong()
    {
        string[] change = SpecText.Change(new HostConfig { ReadonlyRootfs = true });
        Assert.Contains("+ root.readonly = true", change);
        Assert.Contains(change, l => l.StartsWith("+ mounts[] = {\"destination\":\"/etc/hosts\"", StringComparison.Ordinal) && l.Contains("\"ro\"", StringComparison.Ordinal));
        Assert.DoesNotContain(change, l => l.Contains("\"/dev\"", StringComparison.Ordinal) || l.Contains("\"/proc\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Binds() => Assert.Equal(
        ["+ mounts[] = {\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"/tmp\",\"options\":[\"rbind\",\"rro\",\"rprivate\"]}"],
        SpecText.Change(new HostConfig { Binds = ["/tmp:/x:ro"] }));

    [Fact]
    public void AMountOnADefaultsPlaceTakesIt()
    {
        string[] change = SpecText.Change(new HostConfig { Binds = ["/srv/hosts:/etc/hosts", "/dev:/dev"] });
        Assert.Contains(change, l => l.StartsWith("- mounts[] = {\"destination\":\"/dev/shm\"", StringComparison.Ordinal));
        Assert.Contains("- mounts[] = {\"destination\":\"/etc/hosts\",\"type\":\"bind\",\"source\":\"/run/x/hosts\",\"options\":[\"rbind\",\"rprivate\"]}", change);
        Assert.Contains("+ mounts[] = {\"destination\":\"/etc/hosts\",\"type\":\"bind\",\"source\":\"/srv/hosts\",\"options\":[\"rbind\",\"rprivate\"]}", change);
    }

    [Fact]
    public void Tmpfs() => Assert.Equal(
        ["+ mounts[] = {\"destination\":\"/run\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"nosuid\",\"nodev\",\"rprivate\",\"exec\",\"size=1m\"]}"],
        SpecText.Change(new HostConfig { Tmpfs = new Dictionary<string, string> { ["/run"] = "exec,size=1m" } }));

    [Fact]
    public void SharedPropagationNeedsASharedRoot() => Assert.Contains(
        "+ linux.rootfsPropagation = \"shared\"", SpecText.Change(new HostConfig { Binds = ["/tmp:/x:shared"] }));

    [Fact]
    public void HostNamespacesAreLeftOut()
    {
        string[] change = SpecText.Change(new HostConfig { NetworkMode = "host", PidMode = "host", IpcMode = "host", UTSMode = "host", CgroupnsMode = "host" });
        foreach (string type in (string[])["network", "pid", "ipc", "uts", "cgroup"])
        {
            Assert.Contains($"- linux.namespaces[] = {{\"type\":\"{type}\"}}", change);
        }

        Assert.Contains("- hostname = \"0a1b2c3d4e5f\"", change);
        Assert.Contains("- linux.sysctl.net.ipv4.ip_unprivileged_port_start = \"0\"", change);
    }

    [Fact]
    public void AnothersPidNamespaceIsJoined() => Assert.Equal(
        ["- linux.namespaces[] = {\"type\":\"pid\"}", "+ linux.namespaces[] = {\"type\":\"pid\",\"path\":\"/proc/7/ns/pid\"}"],
        SpecText.Change(
            Samples.Request with { HostConfig = new HostConfig { PidMode = "container:x" } },
            i => i with { JoinedNamespaces = new Dictionary<string, string> { ["pid"] = "/proc/7/ns/pid" } }));

    [Fact]
    public void NoIpcHasNoSharedMemory() => Assert.Equal(
        ["- mounts[] = {\"destination\":\"/dev/shm\",\"type\":\"tmpfs\",\"source\":\"shm\",\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"mode=1777\",\"size=67108864\"]}"],
        SpecText.Change(new HostConfig { IpcMode = "none" }));

    [Fact]
    public void PrivilegedHasAllAndHidesNothing()
    {
        RuntimeSpec spec = SpecText.Build(Samples.Plan(new HostConfig { Privileged = true }));
        Assert.Equal(Capabilities.All, spec.Process!.Capabilities!.Bounding);
        Assert.Null(spec.Linux!.MaskedPaths);
        Assert.Null(spec.Linux.ReadonlyPaths);
        Assert.Equal([new DeviceRule { Allow = true, Access = "rwm" }], spec.Linux.Resources!.Devices);
        Assert.DoesNotContain("ro", spec.Mounts!.Single(m => m.Destination == "/sys").Options!);
        Assert.DoesNotContain("ro", spec.Mounts!.Single(m => m.Destination == "/sys/fs/cgroup").Options!);
    }

    [Fact]
    public void SecurityOptions() => Assert.Equal(
        ["- process.noNewPrivileges = false", "+ process.noNewPrivileges = true"], SpecText.Change(new HostConfig { SecurityOpt = ["no-new-privileges"] }));

    [Fact]
    public void UlimitsOomSysctlsAndAnnotations() => Assert.Equal(
        [
            "- process.rlimits = []", "- process.oomScoreAdj = 0", "+ process.rlimits[] = {\"type\":\"RLIMIT_NOFILE\",\"hard\":2048,\"soft\":1024}", "+ process.oomScoreAdj = 500",
            "+ annotations.a = \"b\"", "+ linux.sysctl.kernel.msgmax = \"1\"",
        ],
        SpecText.Change(new HostConfig
        {
            Ulimits = [new HostConfigUlimit { Name = "nofile", Soft = 1024, Hard = 2048 }],
            OomScoreAdj = 500,
            Sysctls = new Dictionary<string, string> { ["kernel.msgmax"] = "1" },
            Annotations = new Dictionary<string, string> { ["a"] = "b" },
        }));

    [Fact]
    public void DevicesAreMadeAndAllowed() => Assert.Equal(
        [
            "+ linux.resources.devices[] = {\"allow\":true,\"type\":\"c\",\"major\":10,\"minor\":229,\"access\":\"rw\"}",
            "+ linux.resources.devices[] = {\"allow\":true,\"type\":\"b\",\"major\":8,\"minor\":-1,\"access\":\"r\"}",
            "- linux.devices = []",
            "+ linux.devices[] = {\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,\"minor\":229}",
        ],
        SpecText.Change(
            Samples.Request with { HostConfig = new HostConfig { DeviceCgroupRules = ["b 8:* r"] } },
            i => i with { Devices = [(new Device { Path = "/dev/fuse", Type = "c", Major = 10, Minor = 229 }, "rw")] }).OrderBy(l => l.Contains("linux.devices", StringComparison.Ordinal)));

    [Fact]
    public void InitRunsTheProgram() => Assert.Equal(
        [
            "- process.args = [\"sh\"]", "+ process.args = [\"/sbin/docker-init\",\"--\",\"sh\"]",
            "+ mounts[] = {\"destination\":\"/sbin/docker-init\",\"type\":\"bind\",\"source\":\"/usr/bin/tini\",\"options\":[\"bind\",\"ro\"]}",
        ],
        SpecText.Change(Samples.Request with { HostConfig = new HostConfig { Init = true } }, i => i with { InitPath = "/usr/bin/tini" }));
}
