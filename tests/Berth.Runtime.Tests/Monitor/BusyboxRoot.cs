using Berth.Runtime.Tests.Monitor;

[assembly: AssemblyFixture(typeof(BusyboxRoot))]

namespace Berth.Runtime.Tests.Monitor;

/// <summary>A root file system with Debian's static busybox, shared by all containers of these tests: none of them writes to it.</summary>
public sealed class BusyboxRoot : IDisposable
{
    private static readonly string[] Applets =
    [
        "awk", "cat", "chmod", "dd", "echo", "false", "head", "id", "kill", "ls", "mkdir", "nc", "printf", "readlink", "seq", "sh", "sleep", "stty", "tail",
        "test", "touch", "true", "tty", "wc", "yes",
    ];

    public BusyboxRoot()
    {
        Path = Directory.CreateTempSubdirectory("berth-busybox-").FullName;
        foreach (string folder in new[] { "bin", "dev", "etc", "proc", "root", "sys", "tmp" })
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, folder));
        }

        File.Copy("/usr/bin/busybox", System.IO.Path.Combine(Path, "bin/busybox"));
        Array.ForEach(Applets, a => File.CreateSymbolicLink(System.IO.Path.Combine(Path, "bin", a), "busybox"));
        File.WriteAllText(System.IO.Path.Combine(Path, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        File.WriteAllText(System.IO.Path.Combine(Path, "bin/not-executable"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path, (UnixFileMode)0x1ED); // 0755: tests run as other users too
    }

    public string Path { get; }

    /// <summary>Parents of the tests' cgroups; the monitors leave theirs behind on purpose, for the next one.</summary>
    public static string CgroupParent { get; } = $"/berth-monitor-tests-{Environment.ProcessId}";

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
        {
            foreach (string parent in new[] { CgroupParent, CgroupParent + "-monitors" }.Select(p => hierarchy + p).Where(Directory.Exists))
            {
                Directory.Delete(parent);
            }
        }
    }
}
