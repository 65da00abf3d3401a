using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor;

/// <summary>Waits for the end of the container's first process.</summary>
internal sealed class ContainerProcess(LaunchedProcess process, ContainerMonitor monitor) : LoopSource
{
    public override int Descriptor => process.PidFd.Number;

    public override PollEvents Wanted => PollEvents.Readable;

    public override void Ready(PollEvents events)
    {
        if (PidFd.TryReap(process.PidFd) is { } exitCode)
        {
            Ended = true;
            monitor.ContainerExited(exitCode);
        }
    }

    public override void Close() => process.PidFd.Dispose();
}
