namespace Berth.Engine.Containers;

/// <summary>What a wait waits for.</summary>
public enum WaitCondition
{
    /// <summary>The container does not run; answered at once where it does not.</summary>
    NotRunning,

    /// <summary>The next end, even where the container does not run yet.</summary>
    NextExit,

    /// <summary>The container is gone.</summary>
    Removed,
}
