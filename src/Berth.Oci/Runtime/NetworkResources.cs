namespace Berth.Oci.Runtime;

/// <summary>net_cls and net_prio.</summary>
public sealed record NetworkResources
{
    public uint? ClassID { get; init; }

    public IReadOnlyList<NetworkPriority>? Priorities { get; init; }
}
