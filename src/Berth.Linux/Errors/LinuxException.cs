using System.Runtime.InteropServices;

namespace Berth.Linux;

/// <summary>A system call failed: which one, on which object, with which errno. Everything in Berth.Linux throws this and nothing else.</summary>
public sealed class LinuxException(string call, string target, int errno)
    : Exception($"{call} {target}: {Linux.Errno.Describe(errno)} ({Linux.Errno.Name(errno)})")
{
    /// <summary>The call as in its man page, e.g. "openat2".</summary>
    public string Call { get; } = call;

    /// <summary>The object it was made on: a path, an address, a descriptor's description.</summary>
    public string Target { get; } = target;

    public int Errno { get; } = errno;

    /// <summary>The failure of the P/Invoke made last on this thread.</summary>
    public static LinuxException Last(string call, string target) => new(call, target, Marshal.GetLastPInvokeError());
}
