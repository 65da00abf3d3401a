namespace Berth.Oci.Runtime;

/// <summary>Bytes.</summary>
public sealed record MemoryResources
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    public long? Swap { get; init; }

    public long? Kernel { get; init; }

    public long? KernelTCP { get; init; }

    public ulong? Swappiness { get; init; }

    public bool? DisableOOMKiller { get; init; }

    public bool? UseHierarchy { get; init; }

    public bool? CheckBeforeUpdate { get; init; }
}
