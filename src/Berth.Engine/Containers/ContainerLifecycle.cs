using static Berth.Engine.Containers.Phase;
using static Berth.Engine.Containers.Trigger;

namespace Berth.Engine.Containers;

/// <summary>The whole life of a container, in one table.</summary>
public static class ContainerLifecycle
{
    /// <summary>The phase that follows, or null where the trigger is not allowed: the API's 409.</summary>
    public static Phase? Next(Phase phase, Trigger trigger) => (phase, trigger) switch
    {
        (Created or Exited or Restarting, StartRequested) => Starting,
        (Starting, Started) => Running,
        (Starting, StartFailed) => Created,

        (Running, PauseRequested) => Paused,
        (Paused, ResumeRequested) => Running,

        // A second stop (with another signal, or a shorter wait) may join the first.
        (Running or Paused or Stopping, StopRequested) => Stopping,
        (Restarting, StopRequested) => Exited,

        // From Starting: an end may overtake the report of its start.
        (Starting or Running or Paused or Stopping, ProcessExited) => Exited,
        (Exited, RestartScheduled) => Restarting,

        (Created or Exited or Dead, RemoveRequested) => Removing,
        (Removing, RemoveFailed) => Dead,
        (Removing, FilesRemoved) => Removed,
        _ => null,
    };

    /// <summary>Whether a process of the container lives.</summary>
    public static bool IsRunning(Phase phase) => phase is Running or Paused or Stopping;

    /// <summary>The API's word. It knows neither starting (still as before) nor stopping (still running).</summary>
    public static string Status(Phase phase) => phase switch
    {
        Created or Starting => "created",
        Running or Stopping => "running",
        Paused => "paused",
        Exited => "exited",
        Restarting => "restarting",
        Removing or Removed => "removing",
        _ => "dead",
    };
}
