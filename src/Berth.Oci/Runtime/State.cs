namespace Berth.Oci.Runtime;

/// <summary>Answer of `state`.</summary>
public sealed record State
{
    public string? OciVersion { get; init; }

    public string? Id { get; init; }

    public string? Status { get; init; }

    public int Pid { get; init; }

    public string? Bundle { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
