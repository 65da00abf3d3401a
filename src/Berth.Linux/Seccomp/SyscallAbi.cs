namespace Berth.Linux.Seccomp;

/// <summary>Numberings of system calls, in the order of <see cref="SyscallTable"/>'s columns.</summary>
public enum SyscallAbi
{
    X64,
    I386,
    X32,
    Arm64,
}
