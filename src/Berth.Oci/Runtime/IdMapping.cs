namespace Berth.Oci.Runtime;

/// <summary>user_namespaces(7).</summary>
public sealed record IdMapping
{
    public uint ContainerID { get; init; }

    public uint HostID { get; init; }

    public uint Size { get; init; }
}
