using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Containers;

/// <summary>Root, mounts, devices, masked paths: what a container sees, and that links of an image stay inside.</summary>
public sealed class FileSystemTests : IDisposable
{
    private readonly TestBundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void TheRootIsTheFirstLineAndMountsAreTheSpecs()
    {
        string[] lines = _bundle.RunShell("cat /proc/mounts").Output.Split('\n');
        Assert.Equal("/", lines[0].Split(' ')[1]);
        Assert.Contains(lines, l => l.StartsWith("proc /proc proc rw,nosuid,nodev,noexec,relatime", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("sysfs /sys sysfs ro,", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("tmpfs /proc/acpi tmpfs ro,", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("tmpfs /proc/keys tmpfs", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("proc /proc/sys proc ro,", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains("/old", StringComparison.Ordinal));
    }

    [Fact]
    public void CgroupsAreSeenReadOnly()
    {
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("grep -c cgroup /proc/mounts; for f in /sys/fs/cgroup/*/tasks /sys/fs/cgroup/cgroup.procs; do [ -e $f ] && echo 0 > $f && echo written; done; true");
        Assert.DoesNotContain("written", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesAreDockers()
    {
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("echo $(ls /dev); stat -c '%n %t:%T %a' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty; readlink /dev/fd; readlink /dev/ptmx; readlink /dev/core");
        Assert.Equal(
            """
            core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero
            /dev/null 1:3 666
            /dev/zero 1:5 666
            /dev/full 1:7 666
            /dev/random 1:8 666
            /dev/urandom 1:9 666
            /dev/tty 5:0 666
            /proc/self/fd
            pts/ptmx
            /proc/kcore

            """,
            outcome.Output);
    }

    [Fact]
    public void AReadOnlyRootHoldsAndItsTmpfsDoNot()
    {
        _bundle.Spec = _bundle.Spec with { Root = new Root { Path = "rootfs", Readonly = true } };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("touch /x; touch /dev/shm/y && echo fine");
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("fine\n", outcome.Output);
    }

    [Theory]
    [InlineData("rbind", "ro")]
    [InlineData("rbind", "rro")]
    [InlineData("bind", "ro")]
    public void ReadOnlyBindsHold(string bind, string readOnly)
    {
        string source = Folder("volume");
        File.WriteAllText($"{source}/f", "data");
        _bundle.AddMount(new Mount { Destination = "/vol", Type = "bind", Source = source, Options = [bind, readOnly, "rprivate"] });
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("cat /vol/f; touch /vol/g");
        Assert.Equal("data", outcome.Output);
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
        File.WriteAllText($"{source}/g", "the host may write on");
    }

    [Fact]
    public void AFileIsBoundOverAFileThatIsMade()
    {
        string source = Folder("files") + "/hosts";
        File.WriteAllText(source, "127.0.0.1 here\n");
        _bundle.AddMount(new Mount { Destination = "/etc/deep/hosts", Type = "bind", Source = source, Options = ["rbind"] });
        Assert.Equal("127.0.0.1 here\n", _bundle.RunShell("cat /etc/deep/hosts").Output);
        Assert.Equal(0, new FileInfo($"{_bundle.Rootfs}/etc/deep/hosts").Length);
    }

    [Fact]
    public void ATmpfsCanStartWithTheImagesFiles()
    {
        Directory.CreateDirectory($"{_bundle.Rootfs}/run/d");
        File.WriteAllText($"{_bundle.Rootfs}/run/d/f", "kept");
        _bundle.AddMount(new Mount { Destination = "/run", Type = "tmpfs", Source = "tmpfs", Options = ["tmpcopyup", "nosuid", "rprivate"] });
        Assert.Equal("kept\n", _bundle.RunShell("cat /run/d/f; echo; touch /run/new").Output);
        Assert.False(File.Exists($"{_bundle.Rootfs}/run/new"));
    }

    [Theory]
    [InlineData("/leaf", "../../../../../../tmp")]
    [InlineData("/leaf", "/nowhere/yet")]
    [InlineData("/leaf/deeper", "/../..")]
    public void TargetsBehindLinksStayInside(string target, string link)
    {
        string outside = $"{Path.GetTempPath()}deeper";
        File.CreateSymbolicLink($"{_bundle.Rootfs}/leaf", link);
        string source = Folder("volume");
        File.WriteAllText($"{source}/mark", "here");
        _bundle.AddMount(new Mount { Destination = target, Type = "bind", Source = source, Options = ["rbind"] });
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell($"cat {target}/mark");
        Assert.Equal(("here", 0), (outcome.Output, outcome.Status));
        Assert.False(Directory.Exists(outside) || Directory.Exists("/nowhere"));
    }

    [Theory]
    [InlineData("proc", "/tmp")]
    [InlineData("proc", "../../../../../../proc")]
    [InlineData("sys", "/etc")]
    public void ProcAndSysAreNoLinks(string name, string target)
    {
        Directory.Delete($"{_bundle.Rootfs}/{name}");
        File.CreateSymbolicLink($"{_bundle.Rootfs}/{name}", target);
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("echo ran");
        Assert.Contains("symbolic link", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", outcome.Output, StringComparison.Ordinal);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void ALinkedPasswdIsReadInside()
    {
        File.Delete($"{_bundle.Rootfs}/etc/passwd");
        File.CreateSymbolicLink($"{_bundle.Rootfs}/etc/passwd", "../../../../../../../etc/passwd");
        Assert.Equal("/\n", _bundle.RunShell("echo $HOME").Output); // inside it is a link to itself: no home
    }

    [Fact]
    public void AMagicLinkLeadsNowhere()
    {
        File.CreateSymbolicLink($"{_bundle.Rootfs}/way-out", "/proc/self/fd");
        _bundle.AddMount(new Mount { Destination = "/way-out/9/x", Type = "tmpfs", Source = "tmpfs" });
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("echo ran");
        Assert.NotEqual(0, outcome.Status);
        Assert.DoesNotContain("ran", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SharedVolumesCarryMountsBack()
    {
        string shared = Folder("shared");
        Mount(shared, "--bind", shared, shared);
        Mount(shared, "--make-shared", shared);
        try
        {
            Directory.CreateDirectory($"{shared}/inner");
            _bundle.Process = _bundle.Process with { Capabilities = WithSysAdmin() };
            _bundle.Linux = _bundle.Linux with { Seccomp = null };
            _bundle.AddMount(new Mount { Destination = "/vol", Type = "bind", Source = shared, Options = ["rbind", "rshared"] });
            Assert.Equal(0, _bundle.RunShell("mount -t tmpfs mine /vol/inner").Status);
            Assert.Contains($"{shared}/inner", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        }
        finally
        {
            System.Diagnostics.Process.Start("umount", ["-R", shared]).WaitForExit();
        }
    }

    private static void Mount(string what, params string[] args)
    {
        using var mount = System.Diagnostics.Process.Start("mount", args);
        mount.WaitForExit();
        Assert.True(mount.ExitCode == 0, what);
    }

    private CapabilitySets WithSysAdmin()
    {
        string[] names = [.. _bundle.Process.Capabilities!.Bounding!, "CAP_SYS_ADMIN"];
        return new CapabilitySets { Bounding = names, Effective = names, Permitted = names };
    }

    private string Folder(string name) => Directory.CreateDirectory($"{_bundle.Path}/{name}").FullName;
}
