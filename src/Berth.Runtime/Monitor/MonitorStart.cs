using System.Text.Json;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Linux.Tracing;
using Berth.Oci.Monitor;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor.Control;
using Berth.Runtime.Monitor.Logs;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Ports;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor;

/// <summary>From the run folder to the running container. What fails is answered as a MonitorFailure; nothing half-made stays then.</summary>
internal sealed class MonitorStart(RunFolder folder, MonitorLoop loop, WatcherList watchers, OpenFileLimit openFiles, TraceLog trace)
{
    private const int Root = 4;
    private const int Network = 5;
    private const int FirstAttachment = 6;
    private const int Backlog = 128;

    private readonly List<FileDescriptor> _attached = [];
    private readonly PortTable _ports = new(loop);
    private string _part = "start";
    private MonitorRequest? _request;
    private FileDescriptor? _listener;
    private ContainerLog? _log;
    private LaunchedProcess? _process;

    /// <summary>Starts the container, and tells watchers that it has started, or why not: then the answer is null.</summary>
    public ContainerMonitor? Run()
    {
        MonitorFailure failure;
        try
        {
            return Start();
        }
        catch (LaunchException e)
        {
            failure = new MonitorFailure { ExitCode = e.ExitCode, Step = e.Step, Errno = e.Errno, Message = e.Message };
        }
        catch (LinuxException e)
        {
            failure = new MonitorFailure { ExitCode = 128, Step = _part, Errno = e.Errno, Message = $"{_part}: {e.Message}" };
        }
        catch (JsonException e)
        {
            failure = new MonitorFailure { ExitCode = 128, Step = _part, Message = $"{_part}: not what it should hold: {e.Message}" };
        }
        catch (Exception e)
        {
            // Nobody reads what a dying monitor prints, so whatever it is has to be told.
            failure = new MonitorFailure { ExitCode = 128, Step = _part, Message = $"{_part}: {e.GetType().Name}: {e.Message}" };
        }

        Undo();
        watchers.Tell(new MonitorEvent { Failed = failure });
        return null;
    }

    private ContainerMonitor Start()
    {
        _part = "claim the run folder";
        using FileDescriptor claim = folder.Claim(); // held until state.json is written
        _part = "read monitor.json";
        MonitorRequest request = _request = folder.ReadRequest();
        _part = "take descriptors";
        using FileDescriptor? root = request.RootIsDescriptor ? MonitorSurroundings.Inherit(Root, "the root") : null;
        using FileDescriptor? network = request.NetworkIsDescriptor ? MonitorSurroundings.Inherit(Network, "the network namespace") : null;
        foreach (MonitorAttachment attachment in request.Attachments)
        {
            _attached.Add(MonitorSurroundings.Inherit(attachment.Descriptor, "an attach stream"));
        }

        TakePorts(request);
        _part = "read config.json";
        RuntimeSpec spec = folder.ReadSpec();
        trace.Mark("read");
        Prepare(request);
        trace.Mark("prepared");
        return Launch(request, spec, root, network);
    }

    private void TakePorts(MonitorRequest request)
    {
        var sockets = new List<FileDescriptor>(request.Ports.Count);
        int first = FirstAttachment + request.Attachments.Count;
        for (int i = 0; i < request.Ports.Count; i++)
        {
            sockets.Add(MonitorSurroundings.Inherit(first + i, $"the socket of port {request.Ports[i].HostPort}"));
        }

        _part = "take ports";
        if (request.Ports.Count > 0 && _ports.Change(new MonitorPorts { Add = request.Ports }, sockets) is { } refused)
        {
            throw new LaunchException(refused.Step, refused.Errno, refused.ExitCode, refused.Message);
        }
    }

    private void Prepare(MonitorRequest request)
    {
        _part = "join the monitors' cgroup";
        if (request.MonitorCgroup is not null)
        {
            MonitorSurroundings.JoinCgroup(request.MonitorCgroup);
        }

        _part = "unset loginuid";
        MonitorSurroundings.UnsetLoginUid();
        _part = "open the log";
        _log = request.LogPath is null ? null : new ContainerLog(new LogFile(request.LogPath, request.LogMaxSize, request.LogMaxFiles));
        _part = "remove records of an earlier run";
        RunFolder.RemoveStale(request);
        _part = "listen";
        _listener = UnixSocket.Listen(request.Socket, Backlog); // before the clone: whoever finds a container finds its monitor
    }

    private ContainerMonitor Launch(MonitorRequest request, RuntimeSpec spec, FileDescriptor? root, FileDescriptor? network)
    {
        bool terminal = spec.Process?.Terminal ?? false;
        _part = "make stdio";
        using StdioPipes? pipes = terminal ? null : new StdioPipes(request.OpenStdin, output: true, error: true, spec.Process?.User?.Uid ?? 0);
        _part = "launch";
        LaunchedProcess process = _process = ContainerLauncher.Start(spec, new LaunchResources
        {
            Id = request.Id,
            Bundle = folder.Path,
            Root = root,
            Network = network,
            Stdio = pipes?.ForProcess,
            OpenFiles = openFiles,
            Trace = trace,
        });
        trace.Mark("launched");
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        _part = "connect streams";
        var streams = new ProcessStreams(loop, _log) { InputEndsWithAttach = request.StdinOnce };
        if (pipes is not null)
        {
            streams.Open(pipes);
        }
        else
        {
            streams.Open(process.Terminal!, request.OpenStdin, holdOpen: true);
        }

        Attach(request, streams);
        _part = "write state.json";
        var state = new MonitorState { Pid = process.Pid, PidStartTime = process.StartTime, MonitorPid = Environment.ProcessId, StartedAt = startedAt };
        RunFolder.WriteState(request, state);
        watchers.Tell(new MonitorEvent { Started = state });
        trace.Mark("started");
        MonitorRequest kept = request with { Attachments = [], Ports = [] }; // not for the container's life
        return new ContainerMonitor(folder, kept, loop, watchers, _listener!, process, streams, _log, _ports, openFiles, startedAt, trace);
    }

    private void Attach(MonitorRequest request, ProcessStreams streams)
    {
        for (int i = 0; i < _attached.Count; i++)
        {
            Linux.Polling.NonBlocking.Set(_attached[i]);
            streams.Attach(new AttachStream(_attached[i], new Outbound(_attached[i]), request.Attachments[i], streams, loop.Scratch));
        }

        _attached.Clear(); // the loop closes them from now on
    }

    private void Undo()
    {
        if (_process is not null)
        {
            _process.Cgroup.Kill();
            _process.Cgroup.Remove();
        }

        foreach (FileDescriptor attached in _attached)
        {
            attached.Dispose();
        }

        _ports.Close();
        _log?.Dispose();
        if (_listener is not null)
        {
            _listener.Dispose();
            RunFolder.RemoveLive(_request!);
        }
    }
}
