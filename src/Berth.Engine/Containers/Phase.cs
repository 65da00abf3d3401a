namespace Berth.Engine.Containers;

/// <summary>Where a container stands in its life. The one truth: Running, Paused, Dead of the API are derived from it.</summary>
public enum Phase
{
    Created,
    Starting,
    Running,
    Paused,
    Stopping,
    Exited,

    /// <summary>Ended, and its restart policy starts it again after a pause.</summary>
    Restarting,
    Removing,
    Removed,

    /// <summary>A removal failed half-way; it can only be removed again.</summary>
    Dead,
}
