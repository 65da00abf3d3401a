using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Linux.Tracing;
using Berth.Oci.Monitor;
using Berth.Runtime.Commands;
using Berth.Runtime.Monitor.Control;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor;

/// <summary>
/// <c>berth-runtime monitor RUNFOLDER</c>: the one process that stays with a container. Single-threaded, one poll loop, nothing asynchronous;
/// it needs nobody: who started it may die, be restarted, connect again or never come back.
/// </summary>
internal static class MonitorProgram
{
    private const int Report = 3;

    /// <summary>Returns when the container has ended and everybody was told. 0, or 1 when it did not start.</summary>
    public static int Run(string runFolder)
    {
        using TraceLog trace = TraceLog.Open(Environment.GetEnvironmentVariable("BERTH_TRACE"), "monitor");
        trace.Mark("main");
        MonitorFailure? refused = Protect(); // first: it may execute this program anew, with all it was given
        MonitorSurroundings.Name();
        MonitorSurroundings.Leave();
        OpenFileLimit given = OpenFileLimit.Raise(); // published ports and their connections take descriptors; the container gets what was given
        using var loop = new MonitorLoop();
        var watchers = new WatcherList(loop);
        FileDescriptor report = MonitorSurroundings.Inherit(Report, "the report socket");
        NonBlocking.Set(report);
        watchers.Add(report, new Outbound(report));
        if (refused is not null)
        {
            watchers.Tell(new MonitorEvent { Failed = refused });
            return 1;
        }

        if (new MonitorStart(new RunFolder(runFolder), loop, watchers, given, trace).Run() is not { } monitor)
        {
            return 1;
        }

        MonitorSurroundings.DropStandardStreams();
        monitor.Run();
        return 0;
    }

    private static MonitorFailure? Protect()
    {
        try
        {
            OwnBinary.Protect();
            return null;
        }
        catch (Exception e) when (e is LinuxException or CommandException)
        {
            return new MonitorFailure { ExitCode = 128, Step = "protect the runtime", Errno = (e as LinuxException)?.Errno ?? 0, Message = e.Message };
        }
    }
}
