using Berth.Linux.Files;
using Berth.Oci.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>A published port on its way to a monitor.</summary>
/// <param name="Port">What the monitor does with it.</param>
/// <param name="Socket">Bound in the host's network namespace, and listening (TCP, SCTP); null for one that the monitor holds already. The sender closes it.</param>
internal sealed record OpenPort(MonitorPort Port, FileDescriptor? Socket);
