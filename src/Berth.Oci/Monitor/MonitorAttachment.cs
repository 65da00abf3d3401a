namespace Berth.Oci.Monitor;

/// <summary>Which streams an attach wants.</summary>
public sealed record MonitorAttachment
{
    /// <summary>The inherited descriptor (6 or higher) of a stream that exists before the start; 0 in an Attach or Exec call, where it is the connection itself.</summary>
    public int Descriptor { get; init; }

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }
}
