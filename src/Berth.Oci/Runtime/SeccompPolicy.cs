namespace Berth.Oci.Runtime;

/// <summary>Filter of system calls.</summary>
public sealed record SeccompPolicy
{
    public string? DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<SeccompRule>? Syscalls { get; init; }
}
