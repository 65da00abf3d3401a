using Berth.Linux.Files;

namespace Berth.Network;

/// <summary>
/// A network namespace ready for a container: lo up, and on a bridge eth0 with address and default route. It lives as long as a descriptor
/// or a process refers to it, so whoever took it disposes this once the container runs (or failed to).
/// </summary>
public sealed class Sandbox : IDisposable
{
    internal Sandbox(FileDescriptor descriptor, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<ReservedPort> ports, Task recorded)
    {
        Namespace = descriptor;
        Endpoints = endpoints;
        Ports = ports;
        Recorded = recorded;
    }

    /// <summary>The namespace (nsfs), for setns(2). Owned by this object.</summary>
    public FileDescriptor Namespace { get; }

    /// <summary>Its places, in the order of its interfaces; none for the network "none".</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Its ports of the host, each with the socket that the monitor is to hold. Owned by this object.</summary>
    public IReadOnlyList<ReservedPort> Ports { get; }

    /// <summary>
    /// Done when the endpoints' rows are on the disk. A process started before would lose its links when the daemon is killed: the next one
    /// removes links without a row.
    /// </summary>
    public Task Recorded { get; }

    public void Dispose()
    {
        Namespace.Dispose();
        foreach (ReservedPort port in Ports)
        {
            port.Dispose();
        }
    }
}
