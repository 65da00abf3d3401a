using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Tests.Interop;

/// <summary>Sizes, offsets and constants against the kernel's and libc's headers, by a C program of static assertions, where a C compiler is present.</summary>
public sealed class AbiTests
{
    private const string Includes = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <stddef.h>
        #include <sys/epoll.h>
        #include <sys/ioctl.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/statfs.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <linux/audit.h>
        #include <linux/bpf.h>
        #include <linux/capability.h>
        #include <linux/close_range.h>
        #include <linux/filter.h>
        #include <linux/keyctl.h>
        #include <linux/magic.h>
        #include <linux/mount.h>
        #include <linux/openat2.h>
        #include <linux/prctl.h>
        #include <linux/sched.h>
        #include <linux/seccomp.h>
        #include <linux/sockios.h>

        """;

    // Constants of ours that are named as in C. Those missing from Debian 12's headers (6.1) are not in the list.
    private static readonly string[] Prefixes = ["PR_", "MOUNT_ATTR_", "SECCOMP_", "RESOLVE_", "O_", "AT_", "S_IF", "CLONE_NEW", "SYS_", "TIOC", "POLL", "AUDIT_ARCH_",
        "EPOLL", "IP_", "IPV6_", "IPPROTO_", "SO_", "TCP_", "MSG_", "SPLICE_", "SIOC", "AF_"];

    [Fact]
    public void ConstantsAreC()
    {
        var assertions = new List<string>();
        foreach (FieldInfo field in typeof(Libc).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral && Prefixes.Any(p => f.Name.StartsWith(p, StringComparison.Ordinal))))
        {
            object value = field.GetRawConstantValue()!;
            string text = value is uint or ulong ? $"{value}ull" : $"({value}ll)";
            assertions.Add($"#ifdef {field.Name}\n_Static_assert((unsigned long long)({field.Name}) == (unsigned long long){text} || (unsigned)({field.Name}) == (unsigned){text}, \"{field.Name}\");\n#endif");
        }

        Assert.True(assertions.Count > 80);
        Compile(assertions);
    }

    [Fact]
    public void StructuresAreC() => Compile(
    [
        Size("struct open_how", Unsafe.SizeOf<Libc.open_how>()),
        Size("struct mount_attr", Unsafe.SizeOf<Libc.mount_attr>()),
        Size("struct clone_args", Unsafe.SizeOf<Libc.clone_args>()),
        Size("struct sock_filter", Unsafe.SizeOf<Libc.sock_filter>()),
        Size("struct sock_fprog", Unsafe.SizeOf<Libc.sock_fprog>()),
        Size("struct seccomp_data", Unsafe.SizeOf<Libc.seccomp_data>()),
        Size("struct bpf_insn", Unsafe.SizeOf<Libc.bpf_insn>()),
        Size("struct rlimit64", Unsafe.SizeOf<Libc.rlimit64>()),
        Size("struct statfs", Unsafe.SizeOf<Libc.statfs_data>()),
        Size("struct pollfd", Unsafe.SizeOf<Libc.pollfd>()),
        Size("struct iovec", Unsafe.SizeOf<Libc.iovec>()),
        Size("struct msghdr", Unsafe.SizeOf<Libc.msghdr>()),
        Size("struct cmsghdr", Unsafe.SizeOf<Libc.cmsghdr>()),
        Size("struct sockaddr_in", Unsafe.SizeOf<Libc.sockaddr_in>()),
        Size("struct sockaddr_in6", Unsafe.SizeOf<Libc.sockaddr_in6>()),
        Size("struct in_pktinfo", Unsafe.SizeOf<Libc.in_pktinfo>()),
        Size("struct in6_pktinfo", Unsafe.SizeOf<Libc.in6_pktinfo>()),
        Size("struct linger", Unsafe.SizeOf<Libc.linger>()),
        Offset<Libc.sockaddr_in6>("struct sockaddr_in6", "sin6_scope_id"),
        Offset<Libc.in_pktinfo>("struct in_pktinfo", "ipi_spec_dst"),
        Offset<Libc.in6_pktinfo>("struct in6_pktinfo", "ipi6_ifindex"),
        Size("struct sockaddr_un", Unsafe.SizeOf<Libc.sockaddr_un>()),
        Size("siginfo_t", Unsafe.SizeOf<Libc.siginfo_wait>()),
        Size("struct statx", Unsafe.SizeOf<Libc.statx_t>()),
        Offset<Libc.clone_args>("struct clone_args", "exit_signal"),
        Offset<Libc.clone_args>("struct clone_args", "cgroup"),
        Offset<Libc.mount_attr>("struct mount_attr", "propagation"),
        Offset<Libc.statfs_data>("struct statfs", "f_type"),
        Offset<Libc.statfs_data>("struct statfs", "f_flags"),
        Offset<Libc.seccomp_data>("struct seccomp_data", "args"),
        Offset<Libc.statx_t>("struct statx", "stx_mode"),
        Offset<Libc.statx_t>("struct statx", "stx_rdev_major"),
        Offset<Libc.msghdr>("struct msghdr", "msg_control"),
        Offset<Libc.siginfo_wait>("siginfo_t", "si_status"),
    ]);

    private static string Size(string name, int size) => $"_Static_assert(sizeof({name}) == {size}, \"size of {name}\");";

    private static string Offset<T>(string name, string field) =>
        $"_Static_assert(offsetof({name}, {field}) == {Marshal.OffsetOf<T>(field)}, \"{name}.{field}\");";

    private static void Compile(IEnumerable<string> assertions)
    {
        if (!File.Exists("/usr/bin/cc"))
        {
            return;
        }

        using Process compiler = Process.Start(new ProcessStartInfo("/usr/bin/cc", ["-x", "c", "-fsyntax-only", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        compiler.StandardInput.Write(Includes + string.Join('\n', assertions) + "\n");
        compiler.StandardInput.Close();
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
    }
}
