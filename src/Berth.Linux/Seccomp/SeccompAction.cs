namespace Berth.Linux.Seccomp;

/// <summary>What happens to a call. User notification is not among them.</summary>
public enum SeccompAction
{
    KillThread,
    KillProcess,
    Trap,
    Errno,
    Trace,
    Allow,
    Log,
}
