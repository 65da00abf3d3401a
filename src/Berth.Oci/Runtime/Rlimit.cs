namespace Berth.Oci.Runtime;

/// <summary>One resource limit, by its name RLIMIT_….</summary>
public sealed record Rlimit
{
    public string? Type { get; init; }

    public ulong Hard { get; init; }

    public ulong Soft { get; init; }
}
