using System.Net.Sockets;

using Berth.Engine.Events;
using Berth.Engine.Links;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Engine.Ports;
using Berth.Engine.Volumes;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Processes;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>
/// The way of a start: intent in the row, network and root, bundle, monitor, its report, result in the row. Runs as work of the container's
/// actor; different containers' starts share nothing, so they go in parallel.
/// </summary>
internal sealed class ContainerLaunch(
    DataRoot root,
    EngineOptions options,
    ContainerTransitions transitions,
    ContainerRegistry registry,
    ContainerBundle bundle,
    ContainerEtc etc,
    ContainerEnding ending,
    ISnapshotter snapshots,
    NetworkService networks,
    ContainerLinks links,
    LinkUpdates linkUpdates,
    ChildReaper reaper) : IDisposable
{
    /// <summary>Descriptors 3, 4 and 5 are the report socket, the root and the network namespace.</summary>
    public const int FirstAttachment = 6;

    // A monitor that finds itself executed from elsewhere makes such a view and executes itself again, which costs each start some milliseconds.
    private readonly Lazy<FileDescriptor> _program = new(() => ProgramView(options.RuntimePath));
    private readonly FileDescriptor _null = FileDescriptor.Open("/dev/null", Libc.O_RDWR);

    /// <summary>Starts a container that may be started. What fails is undone, and said in the row.</summary>
    /// <param name="actor">Whose work this is.</param>
    /// <param name="byPolicy">The restart policy starts it: counted, and no word of the user.</param>
    public async Task StartAsync(ContainerActor actor, bool byPolicy)
    {
        ContainerRecord record = await transitions.ApplyAsync(actor, Trigger.StartRequested, r => Starting(r, byPolicy), null);
        options.Trace.Mark("start row");
        var launch = new Launch();
        try
        {
            JoinedNamespaces namespaces = Join(record, launch);
            links.Check(record);
            await PrepareAsync(record, launch);
            launch.LinkEnvironment = links.Environment(record);
            await linkUpdates.OpenAsync(record);
            options.Trace.Mark("network taken");
            launch.Attachments = actor.Attachments.TakeAll();
            bundle.Write(record, launch, namespaces);
            options.Trace.Mark("bundle written");
            await (launch.Sandbox?.Recorded ?? Task.CompletedTask);
            options.Trace.Mark("endpoint row");
            Spawn(record, launch);
            options.Trace.Mark("monitor spawned");
            await ReportAsync(launch);
            options.Trace.Mark("start reported");
            await transitions.ApplyAsync(actor, Trigger.Started, r => Started(r, launch.Started!), r => Happened(r, launch));
        }
        catch (Exception e)
        {
            launch.Link?.Dispose();
            launch.Dispose();
            throw await ending.FailAsync(actor, Translate(e));
        }

        options.Trace.Mark("running row");
        launch.Dispose();
        actor.Monitor = launch.Link;
        ending.Watch(actor, launch.Link!);
        await linkUpdates.TellLinkersAsync(record);
    }

    public void Dispose()
    {
        _null.Dispose();
        if (_program.IsValueCreated)
        {
            _program.Value.Dispose();
        }
    }

    private static FileDescriptor ProgramView(string path)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_PATH);
        return ReadOnlyView.Of(file, path);
    }

    private static ContainerRecord Starting(ContainerRecord record, bool byPolicy) => record with
    {
        Status = record.Status with { Error = "", StoppedByUser = false, RestartCount = byPolicy ? record.Status.RestartCount + 1 : 0 },
    };

    private static ContainerRecord Started(ContainerRecord record, MonitorState state) => record with
    {
        Pid = state.Pid,
        PidStartTime = state.PidStartTime,
        Status = record.Status with { StartedAt = state.StartedAt, ExitCode = 0, OomKilled = false },
    };

    private IReadOnlyList<EngineEvent> Happened(ContainerRecord record, Launch launch)
    {
        IEnumerable<EngineEvent> connected = (launch.Sandbox?.Endpoints ?? []).Select(e => networks.Find(e.NetworkId)).OfType<Network.Network>()
            .Select(n => NetworkEvents.Of("connect", n, record.Id));
        return [.. VolumeEvents.Mounted(record), .. connected, ContainerEvents.Of(record, "start")];
    }

    // Network and root have nothing to do with each other: the one waits for the pool while the other is mounted.
    private async Task PrepareAsync(ContainerRecord record, Launch launch)
    {
        string mode = record.Document.HostConfig.NetworkMode ?? "default";
        bool own = mode != "host" && JoinedNamespaces.Target(mode) is null;
        Task<Sandbox>? taking = own ? networks.Endpoints.TakeAsync(record.Id, SandboxOf(record), CancellationToken.None) : null;
        try
        {
            FileSystemMount mount = await snapshots.MountAsync(new SnapshotKey(record.Id), CancellationToken.None);
            launch.Root = DetachedMount.Create(mount.WithLowestLower(root.InitLayer));
            options.Durable.Step("mount");
            options.Trace.Mark("root mounted");
        }
        finally
        {
            launch.Sandbox = taking is null ? null : await taking;
        }
    }

    private SandboxRequest SandboxOf(ContainerRecord record) => new()
    {
        Endpoints = [.. ContainerNetworks.Ordered(record).Select(n => ContainerNetworks.RequestOf(record, n.Key, n.Value))],
        Ports = PortControl.Wanted(record),
        Dns = etc.Dns(record),
        ThroughHost = PortBindings.ThroughHost(record.Document.Config, options.PublishThroughHost),
    };

    private JoinedNamespaces Join(ContainerRecord record, Launch launch)
    {
        Api.HostConfig config = record.Document.HostConfig;
        var paths = new Dictionary<string, string>();
        if (JoinedNamespaces.Target(config.PidMode) is { } pid)
        {
            paths["pid"] = $"/proc/{Running("PID", pid).Pid}/ns/pid";
        }

        string? sharedMemory = config.IpcMode == "host" ? "/dev/shm" : null;
        string? networkOf = null;
        if (JoinedNamespaces.Target(config.NetworkMode) is { } network)
        {
            ContainerRecord other = Running("network", network);
            networkOf = JoinedNamespaces.Target(other.Document.HostConfig.NetworkMode) ?? other.Id;
            launch.SharedNetwork = FileDescriptor.Open($"/proc/{other.Pid}/ns/net", Libc.O_RDONLY);
        }

        return new JoinedNamespaces(paths, networkOf, sharedMemory);
    }

    private ContainerRecord Running(string what, string container)
    {
        ContainerRecord other = registry.Find(container).Record;
        return other is { IsRunning: true, Pid: > 0 } && ProcessIdentity.IsAlive(other.Pid, other.PidStartTime)
            ? other
            : throw EngineException.Conflict($"cannot join {what} namespace of a non running container: {other.Id}");
    }

    private void Spawn(ContainerRecord record, Launch launch)
    {
        (FileDescriptor ours, FileDescriptor theirs) = SocketPair.Create();
        launch.Report = theirs;
        launch.Link = new MonitorLink(new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true)), root.MonitorSocket(record.Id));
        int pid = Linux.Processes.Spawn.Start(new SpawnRequest
        {
            // By this process's table: in the child's own the descriptor is closed by the time of the exec.
            Program = $"/proc/{Environment.ProcessId}/fd/{_program.Value.Number}",
            Arguments = ["berth-runtime", "monitor", root.RunContainer(record.Id)],
            Environment = options.MonitorEnvironment,
            Descriptors = [_null, _null, _null, theirs, launch.Root, launch.Network, .. launch.Attachments.Select(a => a.Theirs), .. launch.Ports.Select(p => p.Socket)],
        });
        reaper.Add(pid);
        options.Durable.Step("spawn");
    }

    private static async Task ReportAsync(Launch launch)
    {
        launch.Report!.Dispose(); // ours of the far end: the monitor's death must be the end of the socket
        MonitorEvent? report = await launch.Link!.ReadAsync(CancellationToken.None);
        launch.Started = report switch
        {
            { Started: { } started } => started,
            { Failed: { } failed } => throw new LaunchFailedException(failed),
            _ => throw EngineException.Internal("the container's monitor ended before it reported a start"),
        };
    }

    private static LaunchFailedException Translate(Exception e) => e switch
    {
        LaunchFailedException failed => failed,
        LinuxException linux => new LaunchFailedException(new MonitorFailure { ExitCode = 128, Step = "prepare", Errno = linux.Errno, Message = linux.Message }),
        EngineException engine => new LaunchFailedException(new MonitorFailure { ExitCode = 128, Step = "prepare", Message = engine.Message }, engine.Kind),
        _ => new LaunchFailedException(new MonitorFailure { ExitCode = 128, Step = "prepare", Message = e.Message }, EngineErrorKind.Internal, e),
    };
}
