namespace Berth.Oci.Runtime;

/// <summary>personality(2).</summary>
public sealed record Personality
{
    public string? Domain { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }
}
