namespace Berth.Oci.Runtime;

/// <summary>Weight of one device.</summary>
public sealed record WeightDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }
}
