using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Runtime.Init;

/// <summary>
/// Makes this thread's next children be born in another pid namespace, until disposed. A process cannot change its own, only its children's:
/// setns(2). The way back is allowed, since one's own is never left.
/// </summary>
internal sealed class PidNamespaceVisit : IDisposable
{
    private readonly FileDescriptor _own = FileDescriptor.Open("/proc/self/ns/pid", Libc.O_RDONLY);

    /// <summary>By a pidfd, or by a descriptor of the namespace.</summary>
    public PidNamespaceVisit(FileDescriptor target)
    {
        if (Libc.setns(target.Number, Libc.CLONE_NEWPID) < 0)
        {
            LinuxException failure = LinuxException.Last("setns", "the container's pid namespace");
            _own.Dispose();
            throw failure;
        }
    }

    public void Dispose()
    {
        int result = Libc.setns(_own.Number, Libc.CLONE_NEWPID);
        _own.Dispose();
        if (result < 0)
        {
            throw LinuxException.Last("setns", "this process's own pid namespace");
        }
    }
}
