namespace Berth.Engine.Containers;

/// <summary>What moves a container from phase to phase. (Not "event": that is the API's word for what it tells about.)</summary>
public enum Trigger
{
    StartRequested,
    Started,
    StartFailed,
    PauseRequested,
    ResumeRequested,
    StopRequested,
    ProcessExited,
    RestartScheduled,
    RemoveRequested,
    RemoveFailed,
    FilesRemoved,
}
