using System.Text.Json;

using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Containers;

/// <summary>create, start, state, kill, delete, exec, pause, update, ps, hooks: the commands of the OCI runtime.</summary>
public sealed class LifeTests : IDisposable
{
    private readonly TestBundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void ACreatedContainerWaitsForItsStart()
    {
        Create("echo ran > /tmp/mark; sleep 1000");
        Assert.Equal("created", Status());
        Assert.False(File.Exists($"{_bundle.Rootfs}/tmp/mark"));
        Assert.Equal(0, _bundle.Command("start", _bundle.Id).Status);
        Assert.Equal("running", Status());
        Assert.True(SpinWait.SpinUntil(() => File.Exists($"{_bundle.Rootfs}/tmp/mark"), TimeSpan.FromSeconds(30)));
        Assert.Contains("that is running", _bundle.Command("start", _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Contains("is not stopped: running", _bundle.Command("delete", _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Equal(0, _bundle.Command("kill", _bundle.Id, "KILL").Status);
        Assert.True(SpinWait.SpinUntil(() => Status() == "stopped", TimeSpan.FromSeconds(30)));
        Assert.Equal("berth-runtime: container not running\n", _bundle.Command("kill", _bundle.Id).Error);
        Assert.Equal(0, _bundle.Command("delete", _bundle.Id).Status);
        Assert.Contains("does not exist", _bundle.Command("delete", _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Equal(0, _bundle.Command("delete", "--force", _bundle.Id).Status);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void ACreatedOneIsDeletedWithItsProcess()
    {
        int pid = Create("true");
        Assert.Equal(0, _bundle.Command("delete", _bundle.Id).Status);
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void WhatIsMissingIsToldByCreate()
    {
        _bundle.Process = _bundle.Process with { Args = ["nope"] };
        _bundle.WriteSpec();
        string log = $"{_bundle.Path}/log";
        RuntimeProgramUnderTest.Outcome outcome = _bundle.Command("--log", log, "--log-format", "json", "create", "--bundle", _bundle.Path, _bundle.Id);
        Assert.Equal(1, outcome.Status);
        using JsonDocument line = JsonDocument.Parse(File.ReadAllText(log));
        Assert.Equal("error", line.RootElement.GetProperty("level").GetString());
        Assert.Contains("executable file not found in $PATH", line.RootElement.GetProperty("msg").GetString(), StringComparison.Ordinal);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void WhatExecveRefusesIsToldByStart()
    {
        _bundle.Process = _bundle.Process with { Args = ["/bin/no-interpreter"] };
        CreateAsWritten();
        RuntimeProgramUnderTest.Outcome outcome = _bundle.Command("start", _bundle.Id);
        Assert.Equal(1, outcome.Status);
        Assert.Contains("exec /bin/no-interpreter: no such file or directory", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIdIsUsedOnceAndIsNoPath()
    {
        Create("true");
        Assert.Contains("already exists", _bundle.Command("create", "--bundle", _bundle.Path, _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Equal("created", Status());
        Assert.Contains("invalid container id", _bundle.Command("create", "--bundle", _bundle.Path, "../x").Error, StringComparison.Ordinal);
        Assert.Contains("invalid container id", _bundle.Command("delete", "--force", "..").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ExecsJoinTheContainer()
    {
        Start("sleep 1000");
        RuntimeProgramUnderTest.Outcome inside = _bundle.Command("exec", "--env", "A=b", "--cwd", "/tmp", "--user", "1000:5", _bundle.Id, "sh", "-c", "id -u; echo $A $HOME; pwd; hostname; grep -E 'Seccomp:|CapBnd' /proc/self/status; echo $(ls /proc/self/fd)");
        Assert.Equal("1000\nb /home/user\n/tmp\ntest\nCapBnd:\t00000000a80425fb\nSeccomp:\t2\n0 1 2 3\n", inside.Output);
        Assert.Equal(9, _bundle.Command("exec", _bundle.Id, "sh", "-c", "exit 9").Status);
        Assert.Contains("not found in $PATH", _bundle.Command("exec", _bundle.Id, "nope").Error, StringComparison.Ordinal);
        Assert.Contains("chdir to cwd (\"/nope\")", _bundle.Command("exec", "--cwd", "/nope", _bundle.Id, "true").Error, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", _bundle.Command("ps", _bundle.Id).Output, StringComparison.Ordinal);
        Assert.Equal(_bundle.Command("exec", _bundle.Id, "cat", "/proc/self/cgroup").Output, _bundle.Command("exec", _bundle.Id, "cat", "/proc/1/cgroup").Output);
    }

    [Fact]
    public void AnExecCanComeFromAFileAndBeDetached()
    {
        Start("sleep 1000");
        string file = $"{_bundle.Path}/process.json", pid = $"{_bundle.Path}/pid";
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(new Process { Args = ["sh", "-c", "echo $X > /tmp/out; sleep 1000"], Cwd = "/", Env = ["X=file", "PATH=/bin"] }, RuntimeJson.Default.Process));
        Assert.Equal(0, Detached("exec", "--detach", "--process", file, "--pid-file", pid, _bundle.Id));
        Assert.True(SpinWait.SpinUntil(() => File.Exists($"{_bundle.Rootfs}/tmp/out") && File.ReadAllText($"{_bundle.Rootfs}/tmp/out") == "file\n", TimeSpan.FromSeconds(30)));
        Assert.Contains(File.ReadAllText(pid), _bundle.Command("ps", "--format", "json", _bundle.Id).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PausedIsPaused()
    {
        Start("sleep 1000");
        Assert.Equal(0, _bundle.Command("pause", _bundle.Id).Status);
        Assert.Equal("paused", Status());
        Assert.Contains("is paused", _bundle.Command("exec", _bundle.Id, "true").Error, StringComparison.Ordinal);
        Assert.Equal(0, _bundle.Command("resume", _bundle.Id).Status);
        Assert.Equal("running", Status());
        Assert.NotEqual(0, _bundle.Command("resume", _bundle.Id).Status);
        Assert.Equal(0, _bundle.Command("pause", _bundle.Id).Status);
        Assert.Equal(0, _bundle.Command("delete", "--force", _bundle.Id).Status);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void LimitsAreSetAndUpdated()
    {
        _bundle.Linux = _bundle.Linux with
        {
            Resources = new Resources { Memory = new MemoryResources { Limit = 64 << 20, Swap = 64 << 20 }, Pids = new PidsResources { Limit = 20 }, Cpu = new CpuResources { Shares = 512, Quota = 50000, Period = 100000 } },
        };
        Start("sleep 1000");
        Assert.Equal("67108864\n20\n512\n50000\n", _bundle.Command("exec", _bundle.Id, "sh", "-c", "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.shares cpu/cpu.cfs_quota_us").Output);
        File.WriteAllText($"{_bundle.Path}/resources.json", """{"memory":{"limit":134217728,"swap":134217728},"pids":{"limit":30}}""");
        Assert.Equal(0, _bundle.Command("update", "--resources", $"{_bundle.Path}/resources.json", _bundle.Id).Status);
        Assert.Equal("134217728\n30\n", _bundle.Command("exec", _bundle.Id, "sh", "-c", "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max").Output);
        Assert.Equal("forked\n", _bundle.Command("exec", _bundle.Id, "sh", "-c", "(i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i+1)); done) 2>/dev/null; echo forked").Output);
    }

    [Fact]
    public void AMemoryEaterIsKilledInItsOwnCgroup()
    {
        _bundle.Linux = _bundle.Linux with { Resources = new Resources { Memory = new MemoryResources { Limit = 16 << 20, Swap = 16 << 20 } } };
        Assert.Equal(128 + 9, _bundle.RunShell("x=a; while true; do x=$x$x; done").Status);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void HooksRunAtTheirPoints()
    {
        string trace = $"{_bundle.Path}/trace";
        Hook Outside(string name) => new() { Path = "/bin/sh", Args = ["sh", "-c", $"grep -o '\"status\":\"[a-z]*\"' | sed 's/^/{name} /' >> {trace}"], Env = ["PATH=/bin:/usr/bin"] };
        _bundle.Spec = _bundle.Spec with
        {
            Hooks = new Hooks
            {
                Prestart = [Outside("prestart")],
                CreateRuntime = [Outside("createRuntime")],
                CreateContainer = [Outside("createContainer")],
                StartContainer = [new Hook { Path = "/bin/sh", Args = ["sh", "-c", "echo inside > /tmp/hook"] }],
                Poststart = [Outside("poststart")],
                Poststop = [Outside("poststop")],
            },
        };
        Assert.Equal("inside\n", _bundle.RunShell("cat /tmp/hook").Output);
        Assert.Equal(
            """
            prestart "status":"creating"
            createRuntime "status":"creating"
            createContainer "status":"creating"
            poststart "status":"running"
            poststop "status":"stopped"

            """,
            File.ReadAllText(trace));
    }

    [Theory]
    [InlineData("exit 3", null, "ended with status 3")]
    [InlineData("sleep 1000", 1, "longer than its timeout of 1 s")]
    public void AFailingHookEndsTheStart(string command, int? timeout, string message)
    {
        _bundle.Spec = _bundle.Spec with { Hooks = new Hooks { CreateRuntime = [new Hook { Path = "/bin/sh", Args = ["sh", "-c", command], Timeout = timeout, Env = ["PATH=/bin"] }] } };
        RuntimeProgramUnderTest.Outcome outcome = _bundle.RunShell("echo ran");
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", outcome.Output);
        _bundle.AssertNothingLeft();
    }

    [Fact]
    public void FeaturesAndListAreJson()
    {
        using JsonDocument features = JsonDocument.Parse(_bundle.Command("features").Output);
        Assert.True(features.RootElement.GetProperty("linux").GetProperty("seccomp").GetProperty("enabled").GetBoolean());
        Create("true");
        using JsonDocument list = JsonDocument.Parse(_bundle.Command("list", "--format", "json").Output);
        Assert.Equal(_bundle.Id, Assert.Single(list.RootElement.EnumerateArray()).GetProperty("id").GetString());
        Assert.StartsWith("berth-runtime version", _bundle.Command("--version").Output, StringComparison.Ordinal);
        Assert.Contains("cgroupfs", _bundle.Command("--systemd-cgroup", "state", _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Contains("checkpoint", _bundle.Command("checkpoint", _bundle.Id).Error, StringComparison.Ordinal);
        Assert.Contains("unknown command", _bundle.Command("frobnicate").Error, StringComparison.Ordinal);
    }

    private string Status() => JsonDocument.Parse(_bundle.Command("state", _bundle.Id).Output).RootElement.GetProperty("status").GetString()!;

    private int Create(string command)
    {
        _bundle.Process = _bundle.Process with { Args = ["/bin/sh", "-c", command] };
        return CreateAsWritten();
    }

    private int CreateAsWritten()
    {
        _bundle.WriteSpec();
        string pid = $"{_bundle.Path}/pid";
        Assert.Equal(0, Detached("create", "--bundle", _bundle.Path, "--pid-file", pid, _bundle.Id));
        return int.Parse(File.ReadAllText(pid), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Start(string command)
    {
        Create(command);
        Assert.Equal(0, _bundle.Command("start", _bundle.Id).Status);
    }

    // What goes on living would keep the pipes of its output open: it gets /dev/null.
    private int Detached(params string[] args)
    {
        string words = string.Join(' ', args.Prepend(_bundle.Root).Prepend("--root").Prepend(RuntimeProgramUnderTest.File).Select(a => $"'{a}'"));
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exec {words} >/dev/null 2>&1 </dev/null"]);
        shell.WaitForExit();
        return shell.ExitCode;
    }
}
