namespace Berth.Linux.Seccomp;

/// <summary>A policy for system calls by name. Rules are tried in order for each call; what none matches gets the default action.</summary>
public sealed record SeccompProfile
{
    public required SeccompAction DefaultAction { get; init; }

    /// <summary>For an errno or trace action; EPERM when null.</summary>
    public uint? DefaultErrno { get; init; }

    /// <summary>ABIs to build tables for. Calls of any other kill the thread.</summary>
    public required IReadOnlyList<SyscallAbi> Abis { get; init; }

    public required IReadOnlyList<SeccompProfileRule> Rules { get; init; }
}
