namespace Berth.Oci.Runtime;

/// <summary>Limit of one page size.</summary>
public sealed record HugepageLimit
{
    public string? PageSize { get; init; }

    public ulong Limit { get; init; }
}
