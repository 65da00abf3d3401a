using System.Net.Sockets;

using Berth.Engine.Exec;
using Berth.Engine.Monitors;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Engine.Containers;

/// <summary>
/// At the daemon's start: reads all rows, looks what became of each container, and makes both agree. Containers that run go on without noticing.
/// </summary>
internal sealed class ContainerAdoption(
    DataRoot root,
    EngineOptions options,
    BerthDatabase database,
    ContainerRegistry registry,
    ExecRegistry execs,
    ContainerTransitions transitions,
    ContainerEnding ending,
    ContainerRemoval removal,
    ContainerLaunch launch,
    ContainerBundle bundle,
    ContainerEtc etc,
    ICgroupDriver cgroups)
{
    /// <summary>Takes all containers over. Afterwards Live says which run.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (ContainerRecord record in database.Read(ContainerRows.All))
        {
            registry.Add(new ContainerActor(record));
        }

        foreach ((ExecDocument document, ExecStatus status) in database.Read(ExecRows.All))
        {
            execs.Load(document, status);
        }

        // Each touches its own container only.
        await Task.WhenAll(registry.All.ToList().Select(a => a.RunAsync(() => SettleAsync(a, cancel))));
    }

    /// <summary>The containers that run.</summary>
    public IReadOnlyCollection<LiveContainer> Live() =>
        [.. registry.All.Where(a => a.Record.IsRunning).Select(a => new LiveContainer(a.Record.Id, $"/proc/{a.Record.Pid}/ns/net", etc.Dns(a.Record)))];

    /// <summary>Removes run folders and cgroups that belong to nobody: of containers that were never or are no more.</summary>
    public void SweepRun()
    {
        foreach (string folder in Directory.EnumerateDirectories(root.RunContainers))
        {
            if (registry.TryFind(Path.GetFileName(folder)) is not { Record.IsRunning: true })
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Starts those whose restart policy says so. Not waited for: the daemon answers meanwhile.</summary>
    public void StartByPolicy(IReadOnlyCollection<string> ranBefore)
    {
        // Links lead to older containers: those have begun by the time somebody waits for them.
        var starts = new Dictionary<string, Task>();
        foreach (ContainerActor actor in registry.All.Where(a => !a.Record.IsRunning && RestartPolicies.StartsWithDaemon(a.Record, ranBefore.Contains(a.Record.Id)))
            .OrderBy(a => a.Record.Document.Created))
        {
            starts[actor.Record.Id] = StartAsync(actor, [.. (actor.Record.Status.Links ?? []).Select(l => starts.GetValueOrDefault(l.Target)).OfType<Task>()]);
        }
    }

    private async Task StartAsync(ContainerActor actor, Task[] first)
    {
        try
        {
            await Task.WhenAll(first);
            await actor.RunAsync(() => actor.Record.IsRunning || actor.Record.Phase == Phase.Removed ? Task.CompletedTask : launch.StartAsync(actor, byPolicy: true));
        }
        catch (EngineException e)
        {
            options.Log($"container {actor.Record.Name} could not be started for its restart policy: {e.Message}");
        }
    }

    private async Task SettleAsync(ContainerActor actor, CancellationToken cancel)
    {
        ContainerRecord row = actor.Record;
        MonitorLink? link = ContainerLifecycle.IsRunning(row.Phase) || row.Phase == Phase.Starting ? await ConnectAsync(row.Id, cancel) : null;
        var seen = new Observation(link is not null, ExitFile.ReadState(root.MonitorState(row.Id)), ExitFile.Read(root.ContainerExit(row.Id)));
        Verdict verdict = Reconciliation.Of(row, seen, DateTimeOffset.UtcNow);
        if (verdict is not Verdict.Adopt)
        {
            link?.Dispose();
        }

        switch (verdict)
        {
            case Verdict.Adopt adopt:
                await AdoptAsync(actor, adopt, link!);
                break;
            case Verdict.End end:
                SettleExecs(row);
                await ending.EndAsync(actor, end.Exit, end.KillLeftovers, end.Error);
                break;
            case Verdict.Unstart unstart:
                await ending.FailAsync(actor, new LaunchFailedException(new MonitorFailure { ExitCode = 128, Step = "start", Message = unstart.Error }));
                break;
            default:
                await KeepAsync(actor);
                break;
        }
    }

    private async Task AdoptAsync(ContainerActor actor, Verdict.Adopt adopt, MonitorLink link)
    {
        ContainerRecord row = actor.Record;
        ICgroup cgroup = cgroups.Open(bundle.CgroupPath(row));

        // Frozen or not is what the row says: a daemon killed between the two was asked for nothing that it reported.
        cgroup.SetFrozen(adopt.Phase == Phase.Paused);
        ContainerRecord running = row with
        {
            Phase = adopt.Phase,
            Pid = adopt.State.Pid,
            PidStartTime = adopt.State.PidStartTime,
            Status = row.Status with { StartedAt = adopt.State.StartedAt, ExitCode = 0, OomKilled = false, Error = "" },
        };
        if (row.Phase != adopt.Phase)
        {
            await transitions.NoteAsync(actor, _ => running);
        }
        else
        {
            actor.Publish(running);
        }

        SettleExecs(row);
        actor.Monitor = link;
        ending.Watch(actor, link);
    }

    private async Task KeepAsync(ContainerActor actor)
    {
        ContainerRecord row = actor.Record;
        if (Directory.Exists(root.RunContainer(row.Id)))
        {
            await ending.GiveBackAsync(actor, killLeftovers: true); // its daemon was killed between the end's row and this
        }

        if (row.AutoRemove)
        {
            await removal.RemoveAsync(actor, volumes: true); // whoever was to wait for it is gone
        }
        else if (row.Phase == Phase.Restarting)
        {
            actor.Publish(row with { Phase = Phase.Exited }); // the policy is looked at anew
        }
    }

    // What ended while no daemon looked lies in files; what those do not tell goes on, or went with the container.
    private void SettleExecs(ContainerRecord row)
    {
        foreach (ExecEntry exec in execs.Of(row.Id).Where(e => e.Status.Running))
        {
            if (ExitFile.ReadExec(root.ExecExit(row.Id, exec.Document.Id)) is { } exit)
            {
                _ = execs.EndedAsync(row, exit);
            }
        }
    }

    /// <summary>
    /// Connects to a container's monitor, or makes sure that none will come: one that the last daemon spawned just before it was killed may not
    /// listen yet. It holds a lock while it starts, and does not start without its request (Berth.Oci/Monitor/README.md).
    /// </summary>
    private async Task<MonitorLink?> ConnectAsync(string id, CancellationToken cancel)
    {
        string request = root.MonitorRequest(id);
        MonitorLink? link = await TryConnectAsync(id, cancel);
        if (link is not null || !File.Exists(request))
        {
            return link;
        }

        using FileDescriptor file = FileDescriptor.Open(request, Libc.O_RDONLY);
        await Task.Run(() => FileLock.Take(file, request), cancel);
        link = await TryConnectAsync(id, cancel);
        if (link is null)
        {
            File.Delete(request);
        }

        return link;
    }

    private async Task<MonitorLink?> TryConnectAsync(string id, CancellationToken cancel)
    {
        try
        {
            return await MonitorLink.AdoptAsync(id, root.MonitorSocket(id), cancel);
        }
        catch (Exception e) when (e is EngineException or SocketException or IOException or Linux.LinuxException)
        {
            return null; // nobody listens
        }
    }
}
