using Berth.Linux.Polling;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>Something with one or two descriptors in the <see cref="ProxyLoop"/>. Nothing here may wait.</summary>
internal abstract class ProxySource
{
    /// <summary>Its place in the loop, -1 for none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>It waits for its next turn.</summary>
    public bool Queued { get; set; }

    /// <summary>Its descriptors are closed; set by the loop.</summary>
    public bool Ended { get; set; }

    /// <param name="side">Which of its descriptors: 0 or 1.</param>
    /// <param name="found">What was found on it.</param>
    public abstract void Ready(int side, WatchedEvents found);

    /// <summary>Goes on with what one turn was too short for.</summary>
    public virtual void Work()
    {
    }

    /// <summary>Closes the descriptors that are its own.</summary>
    public abstract void Close();
}
