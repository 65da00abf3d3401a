using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Network.Sandboxes;

/// <summary>
/// While this is held, interfaces are born without IPv6 in the calling thread's namespace. As Docker has it, eth0 on a network without IPv6
/// speaks none; with it, it would join multicast groups and make itself an address.
/// The default is changed and put back because recent kernels take no lock for that. Writing the interface's own switch spins for the one
/// lock over all networking (rtnl_trylock and restart_syscall in net/ipv6/addrconf.c): up to 77 ms were seen while others set up links.
/// </summary>
internal sealed class Ipv6Default : IDisposable
{
    private const string SwitchFile = "/proc/sys/net/ipv6/conf/default/disable_ipv6";

    private readonly bool _changed;

    private Ipv6Default(bool changed) => _changed = changed;

    public static Ipv6Default Disable()
    {
        try
        {
            Write("1\n"u8);
            return new Ipv6Default(changed: true);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return new Ipv6Default(changed: false); // a kernel without IPv6
        }
    }

    public void Dispose()
    {
        if (_changed)
        {
            Write("0\n"u8);
        }
    }

    // Opened each time: only a write at the file's start counts (kernel.sysctl_writes_strict).
    private static void Write(ReadOnlySpan<byte> value)
    {
        using FileDescriptor file = FileDescriptor.Open(SwitchFile, Libc.O_WRONLY);
        FileWrite.All(file, value, SwitchFile);
    }
}
