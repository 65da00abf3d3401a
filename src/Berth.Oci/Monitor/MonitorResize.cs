namespace Berth.Oci.Monitor;

/// <summary>New size of a terminal; of the container's, or of the exec named.</summary>
public sealed record MonitorResize
{
    public string? Exec { get; init; }

    public ushort Rows { get; init; }

    public ushort Columns { get; init; }
}
