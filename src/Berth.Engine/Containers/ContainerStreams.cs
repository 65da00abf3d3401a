using System.Net.Sockets;

using Berth.Engine.Events;
using Berth.Engine.Logs;
using Berth.Engine.Streams;
using Berth.Linux.Notify;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>The byte streams of containers.</summary>
public sealed class ContainerStreams
{
    private readonly DataRoot _root;
    private readonly ContainerRegistry _registry;
    private readonly EventLog _events;
    private readonly FolderWatcher _watcher;

    internal ContainerStreams(DataRoot root, ContainerRegistry registry, EventLog events, FolderWatcher watcher) =>
        (_root, _registry, _events, _watcher) = (root, registry, events, watcher);

    /// <summary>Attaches, also before the start: then not a byte is missed.</summary>
    public async Task<StreamSession> AttachAsync(string container, AttachOptions options, CancellationToken cancel)
    {
        byte[] keys = DetachKeys.Parse(options.DetachKeys);
        ContainerActor actor = _registry.Find(container);

        // As work of the actor: the container cannot start between the look at its phase and the registering of the stream.
        (Socket? socket, Action? unused) = options.Stream ? await actor.RunAsync(() => ConnectAsync(actor, container, options, cancel)) : (null, null);
        _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "attach"));
        Api.ContainerConfig config = actor.Record.Document.Config;
        bool terminal = config.Tty == true, stdin = options.Stdin && config.OpenStdin == true;
        LogSession? log = options.Logs ? Log(actor, new LogOptions { Stdout = options.Stdout, Stderr = options.Stderr }) : null;
        return new AttachSession(
            socket, terminal, stdin, terminal && stdin ? keys : null, log, () => _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "detach")), unused);
    }

    public Task<StreamSession> LogsAsync(string container, LogOptions options, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        string driver = actor.Record.Document.HostConfig.LogConfig?.Type ?? "json-file";
        return driver == "none"
            ? throw EngineException.NotImplemented("configured logging driver does not support reading")
            : Task.FromResult<StreamSession>(Log(actor, options));
    }

    private LogSession Log(ContainerActor actor, LogOptions options)
    {
        ContainerRecord record = actor.Record;
        Func<CancellationToken, Task>? end = record.IsRunning || record.Phase == Phase.Starting
            ? cancel => actor.WhenAsync(r => r.Exits > record.Exits || !(r.IsRunning || r.Phase == Phase.Starting), cancel)
            : null;
        return new LogSession(_root.ContainerLog(record.Id), options, record.Document.Config.Tty == true, _watcher, end);
    }

    private static async Task<(Socket? Socket, Action? Unused)> ConnectAsync(ContainerActor actor, string name, AttachOptions options, CancellationToken cancel)
    {
        ContainerRecord record = actor.Record;
        var streams = new MonitorAttachment
        {
            Stdin = options.Stdin && record.Document.Config.OpenStdin == true, Stdout = options.Stdout, Stderr = options.Stderr,
        };
        switch (record.Phase)
        {
            case Phase.Paused:
                throw EngineException.Conflict($"container {name} is paused, unpause the container before attach");
            case Phase.Restarting:
                throw EngineException.Conflict($"container {name} is restarting, wait until the container is running");
            case Phase.Removing or Phase.Removed or Phase.Dead:
                throw EngineException.Conflict($"container {name} is being removed");
            case Phase.Running or Phase.Stopping when actor.Monitor is { } monitor:
                return (await monitor.AttachAsync(streams, cancel), null);
            default:
                Socket socket = actor.Attachments.Add(streams, out object key);
                return (socket, () => actor.Attachments.Remove(key));
        }
    }
}
