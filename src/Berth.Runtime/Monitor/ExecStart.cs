using Berth.Oci.Monitor;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor;

/// <summary>Starts an exec: its pipes or terminal, the program, the streams between.</summary>
internal static class ExecStart
{
    private const int IdLength = 64;

    /// <summary>Ids become file names, so nothing else may be in them.</summary>
    public static bool IsId(string id)
    {
        foreach (char c in id)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return id.Length == IdLength;
    }

    public static ExecProcess Run(MonitorExec call, RunFolder folder, LaunchedProcess container, MonitorLoop loop, ContainerMonitor monitor)
    {
        // Read again for each exec: kept in memory it would cost every container what few of them use.
        var target = new ExecTarget { Spec = folder.ReadSpec(), Pid = container.Pid, PidFd = container.PidFd, Cgroup = container.Cgroup, OpenFiles = monitor.OpenFiles };
        var streams = new ProcessStreams(loop, log: null) { InputEndsWithAttach = true, EndsWithProcess = true };
        if (call.Process.Terminal)
        {
            LaunchedProcess inTerminal = ContainerLauncher.Exec(call.Process, target, null);
            streams.Open(inTerminal.Terminal!, call.OpenStdin, holdOpen: false);
            return new ExecProcess(call.Id, inTerminal, streams, monitor);
        }

        // An output that nobody asked for goes to /dev/null; nobody can ask for it later.
        using var pipes = new StdioPipes(call.OpenStdin, call.Attach is { Stdout: true }, call.Attach is { Stderr: true }, call.Process.User?.Uid ?? 0);
        LaunchedProcess process = ContainerLauncher.Exec(call.Process, target, pipes.ForProcess);
        streams.Open(pipes);
        return new ExecProcess(call.Id, process, streams, monitor);
    }
}
