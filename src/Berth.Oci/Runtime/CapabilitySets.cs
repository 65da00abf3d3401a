namespace Berth.Oci.Runtime;

/// <summary>Names such as CAP_CHOWN.</summary>
public sealed record CapabilitySets
{
    public IReadOnlyList<string>? Bounding { get; init; }

    public IReadOnlyList<string>? Effective { get; init; }

    public IReadOnlyList<string>? Inheritable { get; init; }

    public IReadOnlyList<string>? Permitted { get; init; }

    public IReadOnlyList<string>? Ambient { get; init; }
}
