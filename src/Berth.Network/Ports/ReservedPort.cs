using Berth.Linux.Files;
using Berth.Oci.Monitor;

namespace Berth.Network;

/// <summary>A port on its way to the container's monitor, which holds it from then on.</summary>
/// <param name="Port">What the monitor does with it.</param>
/// <param name="Socket">Bound on the host; null for one the monitor holds already, or that nobody can hold. Owned by whoever has this.</param>
public sealed record ReservedPort(MonitorPort Port, FileDescriptor? Socket) : IDisposable
{
    public void Dispose() => Socket?.Dispose();
}
