namespace Berth.Oci.Runtime;

/// <summary>A node to make in /dev.</summary>
public sealed record Device
{
    public string? Path { get; init; }

    public string? Type { get; init; }

    public long Major { get; init; }

    public long Minor { get; init; }

    public uint? FileMode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}
