namespace Berth.Oci.Monitor;

/// <summary>Send me events.</summary>
public sealed record MonitorWatch;
