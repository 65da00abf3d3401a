namespace Berth.Runtime.Tests.Clients;

/// <summary>Containers that both clients run with this runtime: options, program, a piece of what it prints, its status.</summary>
internal static class ClientCases
{
    public static TheoryData<string, string[], string, int> All => new()
    {
        { "", ["echo", "hi"], "hi\n", 0 },
        { "", ["sh", "-c", "exit 7"], "", 7 },
        { "", ["nope"], "executable file not found in $PATH", 127 },
        { "", ["/nope"], "no such file or directory", 127 },
        { "", ["/etc/passwd"], "permission denied", 126 },
        { "-u 1000:1000", ["id"], "uid=1000(user) gid=1000", 0 },
        { "--hostname foo", ["hostname"], "foo\n", 0 },
        { "-m 64m", ["cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes"], "67108864\n", 0 },
        { "--pids-limit 50", ["cat", "/sys/fs/cgroup/pids/pids.max"], "50\n", 0 },
        { "--tmpfs /x", ["grep", " /x ", "/proc/mounts"], "tmpfs /x tmpfs", 0 },
        { "--read-only", ["touch", "/x"], "Read-only file system", 1 },
        { "-t", ["tty"], "/dev/pts/0", 0 },
        { "", ["grep", "Seccomp:", "/proc/self/status"], "Seccomp:\t2\n", 0 },
        { "-e A=b", ["sh", "-c", "echo $A"], "b\n", 0 },
        { "-w /tmp", ["sh", "-c", "pwd"], "/tmp\n", 0 },
        { "--privileged", ["mount", "-t", "tmpfs", "x", "/tmp"], "", 0 },
        { "", ["mount", "-t", "tmpfs", "x", "/tmp"], "mount", 1 },
        { "--sysctl net.ipv4.ip_forward=1", ["cat", "/proc/sys/net/ipv4/ip_forward"], "1\n", 0 },
        { "--ulimit nofile=77:77", ["sh", "-c", "ulimit -n"], "77\n", 0 },
        { "--device /dev/null:/dev/xnull", ["sh", "-c", "echo x > /dev/xnull && echo fine"], "fine\n", 0 },
        { "--pid host", ["true"], "", 0 },
    };
}
