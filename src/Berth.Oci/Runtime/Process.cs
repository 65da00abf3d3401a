namespace Berth.Oci.Runtime;

/// <summary>The program to run in the container.</summary>
public sealed record Process
{
    public bool Terminal { get; init; }

    public ConsoleSize? ConsoleSize { get; init; }

    public User? User { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? CommandLine { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public string? Cwd { get; init; }

    public CapabilitySets? Capabilities { get; init; }

    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public int? OomScoreAdj { get; init; }

    public string? SelinuxLabel { get; init; }

    public IOPriority? IoPriority { get; init; }

    public Scheduler? Scheduler { get; init; }

    public CpuAffinity? ExecCPUAffinity { get; init; }
}
