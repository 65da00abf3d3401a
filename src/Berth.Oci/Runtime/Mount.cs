namespace Berth.Oci.Runtime;

/// <summary>One mount. Type "bind" or an option "bind"/"rbind" makes it a bind mount.</summary>
public sealed record Mount
{
    public string? Destination { get; init; }

    public string? Type { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string>? Options { get; init; }

    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
