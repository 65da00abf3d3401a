namespace Berth.Oci.Runtime;

/// <summary>Rate of one device, bytes or operations a second.</summary>
public sealed record ThrottleDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ulong Rate { get; init; }
}
