namespace Berth.Oci.Runtime;

/// <summary>Processors before and after the move into the cgroup of an exec.</summary>
public sealed record CpuAffinity
{
    public string? Initial { get; init; }

    public string? Final { get; init; }
}
