namespace Berth.Oci.Runtime;

/// <summary>Characters.</summary>
public sealed record ConsoleSize
{
    public uint Height { get; init; }

    public uint Width { get; init; }
}
