using Berth.Engine.Events;
using Berth.Engine.Exec;
using Berth.Engine.Links;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Engine.Volumes;
using Berth.Linux.Cgroups;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>
/// Watches monitors, and does what follows an end: row and events, network and run folder given back, then removal (--rm) or the restart policy.
/// </summary>
internal sealed class ContainerEnding(
    DataRoot root,
    EngineOptions options,
    ContainerTransitions transitions,
    ContainerRemoval removal,
    ContainerBundle bundle,
    ExecRegistry execs,
    NetworkService networks,
    LinkUpdates links,
    ICgroupDriver cgroups)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly EndedGarbage _garbage = new();

    /// <summary>Starts a container again for its policy. Set once by who makes both: starts and ends need each other.</summary>
    public Func<ContainerActor, Task> StartAgain { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Ends all watching. Containers and monitors go on.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Listens to a monitor until it ended. The end itself is work of the container's actor.</summary>
    public void Watch(ContainerActor actor, MonitorLink link) => _ = Task.Run(() => WatchAsync(actor, link));

    /// <summary>A start failed: what it took is given back, the row goes back to created and says why. Returns what the API answers.</summary>
    public async Task<EngineException> FailAsync(ContainerActor actor, LaunchFailedException failure)
    {
        await GiveBackAsync(actor, killLeftovers: true);
        await transitions.ApplyAsync(
            actor, Trigger.StartFailed, r => r with { Pid = 0, Status = r.Status with { ExitCode = failure.ExitCode, Error = failure.ToApi().Message } }, null);
        if (actor.Record.AutoRemove)
        {
            await removal.RemoveAsync(actor, volumes: true);
        }

        return failure.ToApi();
    }

    /// <summary>Records an end and what follows it. Work of the actor.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="exit">How.</param>
    /// <param name="killLeftovers">The monitor is not known to have tidied up.</param>
    /// <param name="error">Why there is no better account of it; empty otherwise.</param>
    public async Task EndAsync(ContainerActor actor, ContainerExit exit, bool killLeftovers, string error)
    {
        options.Trace.Mark("end heard");
        actor.Monitor?.Dispose();
        actor.Monitor = null;
        Network.Network[] left = [.. networks.Endpoints.Of(actor.Record.Id).Select(e => networks.Find(e.NetworkId)).OfType<Network.Network>()];
        if (!killLeftovers)
        {
            // Before anybody hears of the end: who starts the next container then finds address and ports free.
            await networks.Endpoints.ReleaseAsync(actor.Record.Id);
        }

        await transitions.ApplyAsync(actor, Trigger.ProcessExited, r => Ended(r, exit, error), r => Happened(r, exit, left));
        options.Trace.Mark("end row");
        await execs.ContainerEndedAsync(actor.Record);
        await GiveBackAsync(actor, killLeftovers);
        _ = links.TellLinkersAsync(actor.Record); // none needs it for this to go on
        options.Trace.Mark("given back");
        if (actor.Record.AutoRemove)
        {
            await removal.RemoveAsync(actor, volumes: true);
            options.Trace.Mark("removed");
        }
        else if (RestartPolicies.Delay(actor.Record, exit) is { } delay)
        {
            await transitions.ApplyAsync(actor, Trigger.RestartScheduled, null, null);
            _ = RestartAsync(actor, delay);
        }
    }

    /// <summary>Gives back what a run held beside its row. None of it needs to be there.</summary>
    public async Task GiveBackAsync(ContainerActor actor, bool killLeftovers)
    {
        if (killLeftovers)
        {
            ICgroup cgroup = cgroups.Open(bundle.CgroupPath(actor.Record));
            cgroup.Kill();
            cgroup.Remove();
        }

        await networks.Endpoints.ReleaseAsync(actor.Record.Id);
        string folder = root.RunContainer(actor.Record.Id);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ContainerRecord Ended(ContainerRecord record, ContainerExit exit, string error) => record with
    {
        Pid = 0,
        PidStartTime = 0,
        Exits = record.Exits + 1,
        Status = record.Status with { ExitCode = exit.ExitCode, OomKilled = exit.OomKilled, FinishedAt = exit.FinishedAt, Error = error },
    };

    private static IReadOnlyList<EngineEvent> Happened(ContainerRecord record, ContainerExit exit, IReadOnlyList<Network.Network> left)
    {
        var events = new List<EngineEvent>();
        if (exit.OomKilled)
        {
            events.Add(ContainerEvents.Of(record, "oom"));
        }

        long seconds = record.Status.StartedAt is { } started ? (long)(exit.FinishedAt - started).TotalSeconds : 0;
        events.Add(ContainerEvents.Of(record, "die", ("execDuration", $"{Math.Max(0, seconds)}"), ("exitCode", $"{exit.ExitCode}")));
        events.AddRange(left.Select(n => NetworkEvents.Of("disconnect", n, record.Id)));
        events.AddRange(VolumeEvents.Unmounted(record));
        return events;
    }

    private async Task WatchAsync(ContainerActor actor, MonitorLink link)
    {
        try
        {
            while (await link.ReadAsync(_stop.Token) is { } happened)
            {
                if (happened.ExecExited is { } exec)
                {
                    await execs.EndedAsync(actor.Record, exec);
                }
                else if (happened.Exited is { } exit)
                {
                    await actor.RunAsync(() => EndAsync(actor, exit, killLeftovers: false, ""));
                    _garbage.Count();
                    return;
                }
            }

            await actor.RunAsync(() => LostAsync(actor, link));
        }
        catch (OperationCanceledException)
        {
            // The daemon goes; the next one takes over.
        }
        catch (Exception e)
        {
            options.Log($"the end of container {actor.Record.Id} could not be recorded: {e}");
        }
    }

    /// <summary>A monitor ended without a word: it was killed. Its last deed may lie on disk; what it left running is ended, for nobody could control it.</summary>
    private async Task LostAsync(ContainerActor actor, MonitorLink link)
    {
        if (actor.Monitor != link)
        {
            return;
        }

        ContainerExit? exit = ExitFile.Read(root.ContainerExit(actor.Record.Id));
        await EndAsync(
            actor, exit ?? new ContainerExit { ExitCode = Reconciliation.Unknown, FinishedAt = DateTimeOffset.UtcNow }, killLeftovers: true,
            exit is null ? "the container's monitor was killed; its processes were ended" : "");
    }

    private async Task RestartAsync(ContainerActor actor, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _stop.Token);
            await actor.RunAsync(() => actor.Record.Phase == Phase.Restarting ? StartAgain(actor) : Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // The next daemon looks at the policy again.
        }
        catch (Exception e)
        {
            options.Log($"container {actor.Record.Id} could not be started again: {e.Message}");
        }
    }
}
