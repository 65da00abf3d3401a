namespace Berth.Oci.Runtime;

/// <summary>Priority of an interface.</summary>
public sealed record NetworkPriority
{
    public string? Name { get; init; }

    public uint Priority { get; init; }
}
