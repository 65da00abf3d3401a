using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Containers;

/// <summary>Starting programs: status, errors with Docker's codes and words, environment, identity.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TestBundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void TheStatusIsTheProgramsAndNothingIsLeft()
    {
        Assert.Equal(7, _bundle.RunShell("exit 7").Status);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void ASignalIsAStatusToo() => Assert.Equal(128 + 9, _bundle.RunShell("sh -c 'kill -9 $$'; exit $?").Status);

    [Theory]
    [InlineData("nope", "exec: \"nope\": executable file not found in $PATH")]
    [InlineData("/nope", "exec: \"/nope\": stat /nope: no such file or directory")]
    [InlineData("/bin/sh/x", "exec: \"/bin/sh/x\": stat /bin/sh/x: not a directory")]
    [InlineData("/bin/not-executable", "exec: \"/bin/not-executable\": permission denied")]
    [InlineData("/bin/no-interpreter", "exec /bin/no-interpreter: no such file or directory")]
    [InlineData("/bin/no-format", "exec /bin/no-format: exec format error")]
    [InlineData("/tmp", "exec /tmp: permission denied")]
    public void WhatCannotRunIsNamed(string program, string message)
    {
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunProgram(program);
        Assert.Equal(1, outcome.Status);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void TheUserIsTheSpecs()
    {
        _bundle.Process = _bundle.Process with { User = new User { Uid = 1000, Gid = 1001, AdditionalGids = [5, 6], Umask = 0x3F } };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("id; touch /tmp/f 2>/dev/null; umask; echo $HOME; grep CapEff /proc/self/status");
        Assert.Contains("uid=1000(user) gid=1001 groups=5,6", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("0077\n/home/user\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AmbientCapabilitiesReachAUser()
    {
        CapabilitySets sets = _bundle.Process.Capabilities! with { Inheritable = ["CAP_NET_RAW"], Ambient = ["CAP_NET_RAW"] };
        _bundle.Process = _bundle.Process with { User = new User { Uid = 1000, Gid = 1000 }, Capabilities = sets };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("grep Cap /proc/self/status");
        Assert.Contains("CapEff:\t0000000000002000", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000002000", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void StateOfAProcessIsDockersDefault()
    {
        string[] lines = _bundle.RunProgram("/bin/cat", "/proc/self/status").Output.Split('\n');
        Assert.Contains("CapPrm:\t00000000a80425fb", lines);
        Assert.Contains("CapEff:\t00000000a80425fb", lines);
        Assert.Contains("CapBnd:\t00000000a80425fb", lines);
        Assert.Contains("CapInh:\t0000000000000000", lines);
        Assert.Contains("Seccomp:\t2", lines);
        Assert.Contains("SigBlk:\t0000000000000000", lines);
        Assert.Contains("SigIgn:\t0000000000000000", lines);
        Assert.Contains("NoNewPrivs:\t0", lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheFilterWorksWithAndWithoutNewPrivileges(bool noNewPrivileges)
    {
        SeccompPolicy policy = _bundle.Linux.Seccomp!;
        var mkdir = new SeccompRule { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 121 }; // EREMOTEIO
        _bundle.Linux = _bundle.Linux with { Seccomp = policy with { Syscalls = [mkdir, .. policy.Syscalls!] } };
        _bundle.Process = _bundle.Process with { NoNewPrivileges = noNewPrivileges };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("mkdir /x; grep -E '^(Seccomp|NoNew)' /proc/self/status");
        Assert.Contains("Remote I/O error", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"NoNewPrivs:\t{(noNewPrivileges ? 1 : 0)}\nSeccomp:\t2\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsFallBackToWhatIsPermitted()
    {
        _bundle.Process = _bundle.Process with
        {
            Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 1UL << 40, Hard = 1UL << 40 }, new Rlimit { Type = "RLIMIT_CORE", Soft = 0, Hard = 0 }],
        };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("ulimit -n; ulimit -c");
        Assert.Equal(0, outcome.Status);
        Assert.EndsWith("\n0\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheWorkingFolderIsMadeAndEntered()
    {
        _bundle.Process = _bundle.Process with { Cwd = "/made/here" };
        Assert.Equal("/made/here\n", _bundle.RunShell("pwd").Output);
    }

    [Fact]
    public void OomScoreAndExtraDescriptors()
    {
        _bundle.Process = _bundle.Process with { OomScoreAdj = 300 };
        Assert.Equal("300\n0 1 2 3\n", _bundle.RunShell("cat /proc/self/oom_score_adj; echo $(ls /proc/self/fd)").Output); // 3 is ls's own
    }

    [Fact]
    public void AllPlannedStepsCanFail()
    {
        _bundle.Process = _bundle.Process with { Args = ["/bin/true"] };
        _bundle.AddMount(new Mount { Destination = "/vol/x", Type = "bind", Source = _bundle.Rootfs, Options = ["rbind", "ro"] });
        _bundle.WriteSpec();
        string[] steps = [.. _bundle.Command("plan", _bundle.Path).Output.Split('\n').Where(l => l.Length > 5 && char.IsAsciiDigit(l[3]))];
        Assert.InRange(steps.Length, 150, 1000);
        var survivors = new List<int>();
        for (int i = 0; i < steps.Length; i++)
        {
            RuntimeProgramUnderTest.Outcome outcome = _bundle.Command("run", "--bundle", _bundle.Path, "--fail-step", $"{i}", _bundle.Id);
            if (outcome.Status == 0)
            {
                survivors.Add(i); // a step that this run leaps over
                continue;
            }

            string call = steps[i][5..];
            call = call[..call.IndexOf('(')].Split(" = ")[^1];
            if (call == "accept4")
            {
                // The gate is past what create waits for: start finds nobody behind it.
                Assert.Matches("ended before it ran its program|that is stopped", outcome.Error);
                _bundle.AssertNothingLeft();
                continue;
            }

            Assert.True(outcome.Error.Contains("bad file descriptor", StringComparison.Ordinal), $"step {i} ({steps[i]}): {outcome.Error}");
            Assert.True(outcome.Error.Contains(call, StringComparison.Ordinal) || outcome.Error.Contains("exec", StringComparison.Ordinal), $"step {i} ({steps[i]}): {outcome.Error}");
            _bundle.AssertNothingLeft();
        }

        // Making of targets that are there, and candidates for the program that come after the one found.
        Assert.InRange(survivors.Count, 0, steps.Length / 3);
    }
}
