using System.Diagnostics;

using Berth.Runtime.Tests.Containers;

namespace Berth.Runtime.Tests.Clients;

/// <summary>Debian's dockerd and containerd with this runtime, as a daemon of its own without networks.</summary>
public sealed class DockerdTests(DockerdTests.Daemon daemon) : IClassFixture<DockerdTests.Daemon>
{
    public static TheoryData<string, string[], string, int> Cases => ClientCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunsContainers(string options, string[] program, string piece, int status)
    {
        RuntimeProgramUnderTest.Outcome outcome = daemon.Docker(["run", "--rm", "--net", "none", "--runtime", "berth", .. ClientProgram.Words(options), "bb", .. program]);
        Assert.Contains(piece, outcome.Output + outcome.Error, StringComparison.Ordinal);
        Assert.Equal(status, outcome.Status);
    }

    [Fact]
    public void ExecsPausesUpdatesAndStops()
    {
        Assert.Equal(0, daemon.Docker("run", "-d", "--net", "none", "--runtime", "berth", "--name", "life", "bb", "sleep", "1000").Status);
        Assert.Equal("x\n", daemon.Docker("exec", "life", "echo", "x").Output);
        Assert.Contains("/dev/pts/0", daemon.Docker("exec", "-t", "life", "tty").Output, StringComparison.Ordinal);
        Assert.Equal(9, daemon.Docker("exec", "life", "sh", "-c", "exit 9").Status);
        Assert.Equal(0, daemon.Docker("pause", "life").Status);
        Assert.Equal("paused\n", daemon.Docker("inspect", "-f", "{{.State.Status}}", "life").Output);
        Assert.Equal(0, daemon.Docker("unpause", "life").Status);
        Assert.Equal(0, daemon.Docker("update", "-m", "100m", "--memory-swap", "200m", "life").Status);
        Assert.Equal("104857600\n", daemon.Docker("exec", "life", "cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes").Output);
        Assert.Contains("sleep 1000", daemon.Docker("top", "life").Output, StringComparison.Ordinal);
        Assert.Equal(0, daemon.Docker("stop", "-t", "0", "life").Status);
        Assert.Equal(0, daemon.Docker("start", "life").Status);
        Assert.Equal(0, daemon.Docker("rm", "-f", "life").Status);
    }

    /// <summary>The daemon; skips its tests by name where there is none.</summary>
    public sealed class Daemon : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("berth-dockerd-").FullName;
        private readonly Process? _process;

        public Daemon()
        {
            Assert.SkipUnless(File.Exists("/usr/sbin/dockerd") && File.Exists("/usr/bin/docker"), "Debian's dockerd (docker.io) is not installed here");
            var start = new ProcessStartInfo(
                "/usr/sbin/dockerd",
                [
                    "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec", "--pidfile", $"{_folder}/pid", "--host", Host, "--bridge", "none",
                    "--iptables=false", "--ip-forward=false", "--exec-opt", "native.cgroupdriver=cgroupfs", "--add-runtime", $"berth={RuntimeProgramUnderTest.File}",
                ]) { RedirectStandardError = true, RedirectStandardOutput = true };
            _process = Process.Start(start)!;
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginErrorReadLine();
            Assert.True(SpinWait.SpinUntil(() => Docker("version").Status == 0, TimeSpan.FromSeconds(120)), "dockerd did not come up");
            using var bundle = new TestBundle();
            ClientProgram.WriteImage(bundle, $"{_folder}/bb.tar");
            Assert.Equal(0, Docker("import", $"{_folder}/bb.tar", "bb").Status);
        }

        private string Host => $"unix://{_folder}/sock";

        internal RuntimeProgramUnderTest.Outcome Docker(params string[] args) => ClientProgram.Run("/usr/bin/docker", ["--host", Host, .. args]);

        public void Dispose()
        {
            if (_process is not null)
            {
                _ = Linux.Interop.Libc.kill(_process.Id, Linux.Interop.Libc.SIGTERM);
                _process.WaitForExit();
                _process.Dispose();
            }

            foreach (string mount in File.ReadAllLines("/proc/self/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(_folder, StringComparison.Ordinal)).Reverse())
            {
                _ = ClientProgram.Run("umount", mount);
            }

            Directory.Delete(_folder, recursive: true);
        }
    }
}
