namespace Berth.Oci.Monitor;

/// <summary>Names a published port: see <see cref="MonitorPort"/>.</summary>
public sealed record MonitorPortKey
{
    public required string Protocol { get; init; }

    public required string HostAddress { get; init; }

    public ushort HostPort { get; init; }
}
