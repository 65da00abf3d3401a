namespace Berth.Oci.Runtime;

/// <summary>The root file system; a relative path is relative to the bundle.</summary>
public sealed record Root
{
    public string? Path { get; init; }

    public bool Readonly { get; init; }
}
