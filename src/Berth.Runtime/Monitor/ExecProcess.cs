using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Linux.Time;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor;

/// <summary>A running exec: waits for its end, then for its output.</summary>
internal sealed class ExecProcess(string id, LaunchedProcess process, ProcessStreams streams, ContainerMonitor monitor) : LoopSource
{
    /// <summary>
    /// How long after the end of the program what it started in the background may still write to its attach stream: as long as dockerd waits
    /// (moby, daemon/monitor.go). After that the output is read on and dropped, so that those processes live on undisturbed.
    /// </summary>
    private const int GraceMilliseconds = 2000;

    private long _deadline = long.MaxValue;

    public string Id => id;

    public LaunchedProcess Process => process;

    public ProcessStreams Streams => streams;

    public override int Descriptor => _deadline == long.MaxValue ? process.PidFd.Number : -1;

    public override PollEvents Wanted => PollEvents.Readable;

    public override long Deadline => _deadline;

    public override void Ready(PollEvents events)
    {
        if (PidFd.TryReap(process.PidFd) is not { } exitCode)
        {
            return;
        }

        _deadline = MonotonicClock.Milliseconds + GraceMilliseconds;
        monitor.ExecExited(this, exitCode);
        streams.Exited();
        Ended = streams.Finished;
    }

    public override void Expired()
    {
        streams.Finish();
        Ended = true;
    }

    public override void Close()
    {
        streams.Finish();
        process.PidFd.Dispose();
    }
}
