using Berth.Oci.Monitor;

namespace Berth.Network;

/// <summary>What a container's monitor has to be told after its ports changed.</summary>
/// <param name="Add">New ones, each with its socket, and those without one that lead elsewhere now.</param>
/// <param name="Remove">Those it need not hold any more.</param>
public sealed record PortChange(IReadOnlyList<ReservedPort> Add, IReadOnlyList<MonitorPortKey> Remove) : IDisposable
{
    public bool IsEmpty => Add.Count + Remove.Count == 0;

    public void Dispose()
    {
        foreach (ReservedPort port in Add)
        {
            port.Dispose();
        }
    }
}
