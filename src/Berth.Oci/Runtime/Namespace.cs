namespace Berth.Oci.Runtime;

/// <summary>Type (pid, network, mount, ipc, uts, user, cgroup, time) and, to join one, its path.</summary>
public sealed record Namespace
{
    public string? Type { get; init; }

    public string? Path { get; init; }
}
