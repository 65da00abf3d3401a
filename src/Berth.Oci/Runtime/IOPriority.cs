namespace Berth.Oci.Runtime;

/// <summary>ioprio_set(2).</summary>
public sealed record IOPriority
{
    public string? Class { get; init; }

    public int Priority { get; init; }
}
