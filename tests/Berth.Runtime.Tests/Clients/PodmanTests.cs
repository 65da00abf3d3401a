using Berth.Runtime.Tests.Containers;

namespace Berth.Runtime.Tests.Clients;

/// <summary>Debian's podman with this runtime, on a storage of its own.</summary>
public sealed class PodmanTests(PodmanTests.Storage storage) : IClassFixture<PodmanTests.Storage>
{
    public static TheoryData<string, string[], string, int> Cases => ClientCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void RunsContainers(string options, string[] program, string piece, int status)
    {
        RuntimeProgramUnderTest.Outcome outcome = storage.Podman(["run", "--rm", "--net", "none", .. ClientProgram.Words(options), "bb", .. program]);
        Assert.Contains(piece, outcome.Output + outcome.Error, StringComparison.Ordinal);
        Assert.Equal(status, outcome.Status);
    }

    [Fact]
    public void ExecsPausesAndStops()
    {
        Assert.Equal(0, storage.Podman("run", "-d", "--net", "none", "--name", "life", "bb", "sleep", "1000").Status);
        Assert.Equal("x\n", storage.Podman("exec", "life", "echo", "x").Output);
        Assert.Contains("/dev/pts/0", storage.Podman("exec", "-t", "life", "tty").Output, StringComparison.Ordinal);
        Assert.Equal(127, storage.Podman("exec", "life", "nope").Status);
        Assert.Equal(9, storage.Podman("exec", "life", "sh", "-c", "exit 9").Status);
        Assert.Equal(0, storage.Podman("pause", "life").Status);
        Assert.Equal("paused\n", storage.Podman("inspect", "-f", "{{.State.Status}}", "life").Output);
        Assert.Equal(0, storage.Podman("unpause", "life").Status);
        Assert.Equal(0, storage.Podman("stop", "-t", "0", "life").Status);
        Assert.Equal("137\n", storage.Podman("inspect", "-f", "{{.State.ExitCode}}", "life").Output);
        Assert.Equal(0, storage.Podman("rm", "life").Status);
    }

    /// <summary>Podman's folders, with the image imported; skips its tests by name where there is no podman.</summary>
    public sealed class Storage : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("berth-podman-").FullName;

        public Storage()
        {
            Assert.SkipUnless(File.Exists("/usr/bin/podman"), "podman is not installed here");
            using var bundle = new TestBundle();
            ClientProgram.WriteImage(bundle, $"{_folder}/bb.tar");
            Assert.Equal(0, Podman("import", $"{_folder}/bb.tar", "bb").Status);
        }

        internal RuntimeProgramUnderTest.Outcome Podman(params string[] args) => ClientProgram.Run(
            "/usr/bin/podman",
            ["--root", $"{_folder}/root", "--runroot", $"{_folder}/run", "--cgroup-manager", "cgroupfs", "--runtime", RuntimeProgramUnderTest.File, .. args]);

        public void Dispose()
        {
            if (File.Exists("/usr/bin/podman"))
            {
                _ = Podman("rm", "-af", "-t", "0");
                _ = Podman("unmount", "-af");
            }

            foreach (string mount in File.ReadAllLines("/proc/self/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(_folder, StringComparison.Ordinal)).Reverse())
            {
                _ = ClientProgram.Run("umount", mount);
            }

            Directory.Delete(_folder, recursive: true);
        }
    }
}
