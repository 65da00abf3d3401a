using System.Diagnostics;


namespace Berth.Runtime.Tests.Containers;

/// <summary>What a container must not be able to do with Docker's defaults.</summary>
public sealed class ForbiddenActsTests : IDisposable
{
    private readonly TestBundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Theory]
    [InlineData("mount -t tmpfs x /tmp")]
    [InlineData("umount /proc/sys")]
    [InlineData("mount -o remount,rw /sys")]
    [InlineData("echo 1 > /proc/sys/kernel/panic")]
    [InlineData("echo b > /proc/sysrq-trigger")]
    [InlineData("echo 1 > /proc/irq/default_smp_affinity")]
    [InlineData("head -c1 /proc/kcore | grep -q .")]
    [InlineData("hostname other")]
    [InlineData("chroot / reboot -f")]
    [InlineData("[ $(ls /proc | grep -c '^[0-9]*$') -gt 5 ]")]
    [InlineData("ls -d /proc/1/root/../../../home/*/..")]
    public void Fails(string command) => Assert.NotEqual(0, _bundle.RunShell(command).Status);

    [Fact]
    public void ANodeOfTheHostsDiskCanBeMadeAndNotOpened()
    {
        // Any block device of the host: major and minor from /sys.
        string numbers = File.ReadAllText(Directory.GetFiles("/sys/block", "dev", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = 0 })
            .First(f => !f.Contains("/holders/", StringComparison.Ordinal))).Trim();
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell($"mknod /disk b {numbers.Replace(':', ' ')} && echo made; head -c1 /disk");
        Assert.Equal("made\n", outcome.Output);
        Assert.Contains("Operation not permitted", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesStayShutWhateverTheSpecSays()
    {
        _bundle.Linux = _bundle.Linux with { Resources = null };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("mknod /kmsg c 1 11; cat /kmsg; echo > /dev/null && echo null");
        Assert.Contains("Operation not permitted", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("null\n", outcome.Output);
    }

    [Fact]
    public void OnlyItsOwnProcessesAreSeenAndKilled() =>
        Assert.Equal("1\n", _bundle.RunShell("ls /proc | grep -c '^1$'; kill -0 2 2>/dev/null && echo other").Output);

    /// <summary>CVE-2024-21626: a working folder, or a program, that leads over a descriptor of the runtime's to the host.</summary>
    [Fact]
    public void NoDescriptorLeadsOut()
    {
        for (int fd = 3; fd < 24; fd++)
        {
            _bundle.Process = _bundle.Process with { Cwd = $"/proc/self/fd/{fd}" };
            RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("cat ../../../../../etc/shadow; pwd");
            Assert.NotEqual(0, outcome.Status);
            Assert.DoesNotContain("root:", outcome.Output, StringComparison.Ordinal);
            _bundle.Process = _bundle.Process with { Cwd = "/" };
            Assert.NotEqual(0, _bundle.RunProgram($"/proc/self/fd/{fd}/bin/sh", "-c", "true").Status);
            Assert.NotEqual(0, _bundle.RunProgram($"/proc/self/fd/{fd}/../../bin/sh", "-c", "true").Status);
        }
    }

    /// <summary>CVE-2019-5736: the container's program is the runtime's own file, and it opens that for writing.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("interpreter")]
    public async Task TheRuntimesOwnFileCannotBeWritten(string way)
    {
        string before = Digest();
        if (way == "link")
        {
            File.CreateSymbolicLink($"{_bundle.Rootfs}/bin/evil", "/proc/self/exe");
        }
        else
        {
            File.WriteAllText($"{_bundle.Rootfs}/bin/evil", "#!/proc/self/exe\n");
            File.SetUnixFileMode($"{_bundle.Rootfs}/bin/evil", (UnixFileMode)0x1ED);
        }

        // The first process waits for the exec's and tries to keep and write its executable.
        const string Attack = """
            while true; do for p in /proc/[0-9]*; do [ $p = /proc/1 ] && continue
              case "$(readlink $p/exe)" in *busybox*|"") ;; *) echo SEEN; (exec 9>$p/exe) && echo OPENED; (echo broken >$p/exe) && echo WRITTEN; cat $p/exe >/tmp/copy && echo READ;; esac
            done; [ -e /tmp/stop ] && exit; done
            """;
        _bundle.Process = _bundle.Process with { Args = ["/bin/sh", "-c", Attack] };
        _bundle.WriteSpec();
        using Process first = RuntimeProgramUnderTest.Start(["--root", _bundle.Root, "run", "--bundle", _bundle.Path, _bundle.Id]);
        Task<string> output = first.StandardOutput.ReadToEndAsync();
        Assert.True(SpinWait.SpinUntil(() => _bundle.Command("state", _bundle.Id).Output.Contains("\"running\"", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
        for (int i = 0; i < 20; i++)
        {
            _ = _bundle.Command("exec", _bundle.Id, "/bin/evil", "--version");
        }

        File.WriteAllText($"{_bundle.Rootfs}/tmp/stop", "");
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        string seen = await output;
        Assert.DoesNotContain("OPENED", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("WRITTEN", seen, StringComparison.Ordinal);
        Assert.Equal(before, Digest());
    }

    private static string Digest() => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(RuntimeProgramUnderTest.File)));
}
