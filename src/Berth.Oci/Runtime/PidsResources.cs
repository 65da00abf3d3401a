namespace Berth.Oci.Runtime;

/// <summary>Processes and threads; -1 or 0 is no limit.</summary>
public sealed record PidsResources
{
    public long? Limit { get; init; }
}
