namespace Berth.Oci.Runtime;

/// <summary>Weights and rates of block devices.</summary>
public sealed record BlockIOResources
{
    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }

    public IReadOnlyList<WeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleReadIOPSDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? ThrottleWriteIOPSDevice { get; init; }
}
