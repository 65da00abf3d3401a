using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Tracing;
using Berth.Oci.Monitor;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor.Control;
using Berth.Runtime.Monitor.Logs;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Ports;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor;

/// <summary>A running container under its monitor: answers calls, runs execs, and records how all of them end.</summary>
internal sealed class ContainerMonitor : IMonitorCalls
{
    private readonly RunFolder _folder;
    private readonly MonitorRequest _request;
    private readonly MonitorLoop _loop;
    private readonly WatcherList _watchers;
    private readonly LaunchedProcess _process;
    private readonly ProcessStreams _streams;
    private readonly ContainerLog? _log;
    private readonly PortTable _ports;
    private readonly ControlListener _listener;
    private readonly List<ExecProcess> _execs = [];
    private readonly DateTimeOffset _startedAt;
    private readonly TraceLog _trace;
    private ContainerExit? _exit;

    public ContainerMonitor(RunFolder folder, MonitorRequest request, MonitorLoop loop, WatcherList watchers, FileDescriptor listener,
        LaunchedProcess process, ProcessStreams streams, ContainerLog? log, PortTable ports, OpenFileLimit openFiles, DateTimeOffset startedAt, TraceLog trace)
    {
        _folder = folder;
        _request = request;
        _loop = loop;
        _watchers = watchers;
        _process = process;
        _streams = streams;
        _log = log;
        _ports = ports;
        OpenFiles = openFiles;
        _startedAt = startedAt;
        _trace = trace;
        _listener = new ControlListener(listener, loop, this);
        loop.Add(_listener);
        loop.Add(new ContainerProcess(process, this));
        loop.Quiet = GiveMemoryBack;
    }

    /// <summary>What programs in the container get where their spec says nothing else: the monitor's own is raised.</summary>
    public OpenFileLimit OpenFiles { get; }

    public ProcessStreams? Streams => _exit is null ? _streams : null;

    /// <summary>Serves the container until it has ended and whoever is attached has read all of its output.</summary>
    public void Run() => _loop.Run();

    public void Watch(FileDescriptor connection, Outbound outbound) => _watchers.Add(connection, outbound);

    public MonitorFailure? Resize(MonitorResize call)
    {
        if (StreamsOf(call.Exec) is not { } streams)
        {
            return NotRunning("resize", call.Exec);
        }

        try
        {
            return streams.Resize(call.Rows, call.Columns) ? null : Failure("resize", 0, "it has no terminal");
        }
        catch (LinuxException e)
        {
            return Failure("resize", e.Errno, e.Message);
        }
    }

    public MonitorFailure? Signal(MonitorSignal call)
    {
        LaunchedProcess? process = call.Exec is null ? (_exit is null ? _process : null) : Find(call.Exec)?.Process;
        if (process is null)
        {
            return NotRunning("signal", call.Exec);
        }

        try
        {
            PidFd.Signal(process.PidFd, call.Signal);
            return null;
        }
        catch (LinuxException e)
        {
            return Failure("signal", e.Errno, e.Message);
        }
    }

    public MonitorFailure? Change(MonitorPorts call, List<FileDescriptor> sockets) =>
        _exit is null ? _ports.Change(call, sockets) : NotRunning("ports", null);

    public MonitorReply Exec(MonitorExec call, out ProcessStreams? streams)
    {
        streams = null;
        if (_exit is not null)
        {
            return new MonitorReply { Failed = NotRunning("exec", null) };
        }

        if (!ExecStart.IsId(call.Id) || Find(call.Id) is not null)
        {
            return new MonitorReply { Failed = Failure("exec", 0, "the id must be new, and 64 hex digits") };
        }

        try
        {
            ExecProcess exec = ExecStart.Run(call, _folder, _process, _loop, this);
            _execs.Add(exec);
            _loop.Add(exec);
            streams = exec.Streams;
            return new MonitorReply { Pid = exec.Process.Pid };
        }
        catch (LaunchException e)
        {
            return new MonitorReply { Failed = new MonitorFailure { ExitCode = e.ExitCode, Step = e.Step, Errno = e.Errno, Message = e.Message } };
        }
        catch (LinuxException e)
        {
            return new MonitorReply { Failed = Failure("exec", e.Errno, e.Message) };
        }
        catch (Exception e)
        {
            // Whatever it is, it is this exec's: the container and its monitor go on.
            return new MonitorReply { Failed = Failure("exec", 0, $"{e.GetType().Name}: {e.Message}") };
        }
    }

    /// <summary>Recorded on disk, then told, then the attach stream ends: whoever reads that end finds the exit code.</summary>
    public void ExecExited(ExecProcess exec, int exitCode)
    {
        _execs.Remove(exec);
        var exit = new ExecExit { Id = exec.Id, ExitCode = exitCode, FinishedAt = DateTimeOffset.UtcNow };
        _ = RunFolder.TryWriteExecExit(_request, exit);
        _watchers.Tell(new MonitorEvent { ExecExited = exit });
        if (_exit is not null && _execs.Count == 0)
        {
            End();
        }
    }

    public void ContainerExited(int exitCode)
    {
        _trace.Mark("exited");
        _ports.Close();
        _exit = new ContainerExit { ExitCode = exitCode, StartedAt = _startedAt, FinishedAt = DateTimeOffset.UtcNow };

        // With a pid namespace of its own everything else has been killed and reaped by now; in a shared one the rest has to go too.
        _process.Cgroup.Kill();
        if (_execs.Count == 0)
        {
            End();
        }
    }

    private void End()
    {
        _streams.Exited();
        _streams.Close();
        _log?.Dispose();
        CgroupUsage usage = _process.Cgroup.Usage();
        _exit = _exit! with { OomKilled = usage.OomKills > 0, CpuMicroseconds = usage.CpuMicroseconds };
        _ = RunFolder.TryWriteExit(_request, _exit);
        _trace.Mark("exit recorded");

        // All that a next start of this container would meet goes before anyone knows that it may start.
        _process.Cgroup.Remove();
        _listener.Stop();
        RunFolder.RemoveLive(_request);
        _watchers.Tell(new MonitorEvent { Exited = _exit });
        _trace.Mark("exit told");
        _loop.Stop();
    }

    private void GiveMemoryBack()
    {
        if (_exit is null)
        {
            _log?.Release();
        }

        MonitorMemory.GiveBack();
    }

    private ProcessStreams? StreamsOf(string? exec) => exec is null ? Streams : Find(exec)?.Streams;

    private ExecProcess? Find(string id)
    {
        foreach (ExecProcess exec in _execs)
        {
            if (exec.Id == id)
            {
                return exec;
            }
        }

        return null;
    }

    private static MonitorFailure NotRunning(string step, string? exec) =>
        Failure(step, Errno.ESRCH, exec is null ? "the container has ended" : $"exec {exec} is not running");

    private static MonitorFailure Failure(string step, int errno, string message) =>
        new() { ExitCode = 128, Step = step, Errno = errno, Message = $"{step} failed: {message}" };
}
