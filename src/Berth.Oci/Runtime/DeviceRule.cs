namespace Berth.Oci.Runtime;

/// <summary>devices controller. Type a, b or c; numbers -1 or null are any.</summary>
public sealed record DeviceRule
{
    public bool Allow { get; init; }

    public string? Type { get; init; }

    public long? Major { get; init; }

    public long? Minor { get; init; }

    public string? Access { get; init; }
}
