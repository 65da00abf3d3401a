using Berth.Engine.Events;
using Berth.Engine.Links;
using Berth.Engine.Networks;
using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Engine.Containers;

/// <summary>Drives containers through their lives. A container is named by name, id or the beginning of an id.</summary>
public sealed class ContainerControl
{
    /// <summary>Seconds, 46 days: timers take no more; whoever says more means for ever.</summary>
    private const long LongestWait = 4_000_000;

    private readonly BerthDatabase _database;
    private readonly EventLog _events;
    private readonly ContainerRegistry _registry;
    private readonly ContainerTransitions _transitions;
    private readonly ContainerLaunch _launch;
    private readonly ContainerRemoval _removal;
    private readonly ContainerSignals _signals;
    private readonly ContainerBundle _bundle;
    private readonly ICgroupDriver _cgroups;
    private readonly LinkUpdates _links;
    private readonly NetworkControl _networks;

    internal ContainerControl(
        BerthDatabase database, EventLog events, ContainerRegistry registry, ContainerTransitions transitions, ContainerLaunch launch,
        ContainerRemoval removal, ContainerSignals signals, ContainerBundle bundle, ICgroupDriver cgroups, NetworkControl networks, LinkUpdates links)
    {
        _links = links;
        (_database, _events, _registry, _transitions) = (database, events, registry, transitions);
        (_launch, _removal, _signals, _bundle, _cgroups, _networks) = (launch, removal, signals, bundle, cgroups, networks);
    }

    /// <returns>False: it ran already (304).</returns>
    /// <param name="container">Name or id.</param>
    /// <param name="detachKeys">Checked only; an attach brings its own.</param>
    /// <param name="cancel">Not honoured once the start has begun.</param>
    public Task<bool> StartAsync(string container, string? detachKeys, CancellationToken cancel)
    {
        Streams.DetachKeys.Parse(detachKeys);
        ContainerActor actor = _registry.Find(container);
        return actor.RunAsync(async () =>
        {
            if (actor.Record.Phase is Phase.Running or Phase.Stopping)
            {
                return false;
            }

            await _launch.StartAsync(actor, byPolicy: false);
            return true;
        });
    }

    /// <param name="container">Name or id.</param>
    /// <param name="timeout">Seconds until SIGKILL; negative waits for ever; null takes the container's own, else 10.</param>
    /// <param name="signal">First signal; null takes the container's own, else SIGTERM.</param>
    /// <param name="cancel">A stop that has begun goes on without its caller.</param>
    /// <returns>False: it did not run (304).</returns>
    public Task<bool> StopAsync(string container, int? timeout, string? signal, CancellationToken cancel) =>
        StopAsync(_registry.Find(container), timeout, signal);

    public async Task RestartAsync(string container, int? timeout, string? signal, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        await StopAsync(actor, timeout, signal);
        await actor.RunAsync(async () =>
        {
            if (!actor.Record.IsRunning)
            {
                await _launch.StartAsync(actor, byPolicy: false);
            }
        });
        _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "restart"));
    }

    /// <param name="container">Name or id.</param>
    /// <param name="signal">Name with or without SIG, or number; null is SIGKILL.</param>
    /// <param name="cancel">The caller no longer waits for the end.</param>
    public async Task KillAsync(string container, string? signal, CancellationToken cancel)
    {
        int number = string.IsNullOrEmpty(signal) ? Signals.SIGKILL : Signals.Parse(signal);
        ContainerActor actor = _registry.Find(container);
        ContainerRecord record = actor.Record;
        if (!record.IsRunning)
        {
            throw EngineException.Conflict($"cannot kill container: {container}: container {record.Id} is not running");
        }

        Task<ContainerRecord> end = actor.WhenAsync(r => r.Exits > record.Exits || r.Phase == Phase.Removed, CancellationToken.None);
        await _signals.SendAsync(actor, number, byUser: true);
        if (number == Signals.SIGKILL)
        {
            await end.WaitAsync(cancel);
        }
    }

    public Task PauseAsync(string container, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        return actor.RunAsync(async () =>
        {
            // Refused before anything is frozen.
            _ = ContainerLifecycle.Next(actor.Record.Phase, Trigger.PauseRequested) ?? throw ContainerTransitions.Refusal(actor.Record, Trigger.PauseRequested);
            ICgroup cgroup = _cgroups.Open(_bundle.CgroupPath(actor.Record));
            SetFrozen(actor.Record, cgroup, true);
            try
            {
                await _transitions.ApplyAsync(actor, Trigger.PauseRequested, null, r => [ContainerEvents.Of(r, "pause")]);
            }
            catch
            {
                cgroup.SetFrozen(false);
                throw;
            }
        });
    }

    public Task UnpauseAsync(string container, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        return actor.RunAsync(async () =>
        {
            _ = ContainerLifecycle.Next(actor.Record.Phase, Trigger.ResumeRequested) ?? throw ContainerTransitions.Refusal(actor.Record, Trigger.ResumeRequested);
            SetFrozen(actor.Record, _cgroups.Open(_bundle.CgroupPath(actor.Record)), false);
            await _transitions.ApplyAsync(actor, Trigger.ResumeRequested, null, r => [ContainerEvents.Of(r, "unpause")]);
        });
    }

    public Task RenameAsync(string container, string newName, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(newName))
        {
            throw EngineException.Invalid("Neither old nor new names may be empty");
        }

        string name = ContainerNames.Check(newName);
        ContainerActor actor = _registry.Find(container);
        return actor.RunAsync(() => RenameAsync(actor, name));
    }

    public async Task ResizeAsync(string container, int rows, int columns, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        if (actor.Monitor is not { } monitor || !actor.Record.IsRunning)
        {
            throw EngineException.Conflict($"Container {actor.Record.Id} is not running");
        }

        if (actor.Record.Document.Config.Tty != true)
        {
            return; // a client that does not know; Docker says nothing either
        }

        await monitor.ResizeAsync(rows, columns, null, cancel);
        _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "resize", ("height", $"{rows}"), ("width", $"{columns}")));
    }

    /// <param name="container">Name or id.</param>
    /// <param name="force">Kill it first where it runs.</param>
    /// <param name="volumes">Its anonymous volumes too.</param>
    /// <param name="link">It names a link, "web/db", and only that is removed.</param>
    /// <param name="cancel">A removal that has begun goes on without its caller.</param>
    public async Task RemoveAsync(string container, bool force, bool volumes, bool link, CancellationToken cancel)
    {
        if (link)
        {
            await _links.RemoveAsync(container);
            return;
        }

        ContainerActor actor = _registry.Find(container);
        while (true)
        {
            if (force)
            {
                await EndAsync(actor);
            }

            bool removed = await actor.RunAsync(async () =>
            {
                if (actor.Record.Phase == Phase.Removed || (force && (actor.Record.IsRunning || actor.Record.Phase == Phase.Restarting)))
                {
                    return actor.Record.Phase == Phase.Removed; // somebody else (--rm) was faster, or started it anew
                }

                await _removal.RemoveAsync(actor, volumes);
                return true;
            });
            if (removed)
            {
                return;
            }
        }
    }

    private static void SetFrozen(ContainerRecord record, ICgroup cgroup, bool frozen)
    {
        try
        {
            cgroup.SetFrozen(frozen);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw EngineException.Conflict($"Container {record.Id} is not running"); // it ended; the news is on its way
        }
        catch (LinuxException e) when (e.Errno == Errno.ETIMEDOUT)
        {
            throw EngineException.Internal($"container {record.Name} could not be {(frozen ? "paused" : "resumed")}: a process in it hangs in the kernel and does not react; try again later", e);
        }
    }

    private async Task EndAsync(ContainerActor actor)
    {
        ContainerRecord record = actor.Record;
        if (record.Phase == Phase.Restarting)
        {
            await actor.RunAsync(() => AbandonRestartAsync(actor));
        }
        else if (record.IsRunning)
        {
            Task<ContainerRecord> end = actor.WhenAsync(r => r.Exits > record.Exits || r.Phase == Phase.Removed, CancellationToken.None);
            await _signals.SendAsync(actor, Signals.SIGKILL, byUser: true);
            await end;
        }
    }

    private async Task<bool> StopAsync(ContainerActor actor, int? timeout, string? signal)
    {
        ContainerRecord record = actor.Record;
        int first = Signals.Parse(signal is { Length: > 0 } ? signal : record.Document.Config.StopSignal is { Length: > 0 } own ? own : "SIGTERM");
        if (record.Phase == Phase.Restarting)
        {
            return await actor.RunAsync(() => AbandonRestartAsync(actor));
        }

        if (!record.IsRunning)
        {
            return false;
        }

        long seconds = timeout ?? record.Document.Config.StopTimeout ?? 10;
        Task<ContainerRecord> end = actor.WhenAsync(r => r.Exits > record.Exits || r.Phase == Phase.Removed, CancellationToken.None);
        await actor.RunAsync(() => ContainerLifecycle.Next(actor.Record.Phase, Trigger.StopRequested) is null
            ? Task.CompletedTask // it ended by itself meanwhile
            : _transitions.ApplyAsync(actor, Trigger.StopRequested, r => r with { Status = r.Status with { StoppedByUser = true } }, null));
        await _signals.SendAsync(actor, first, byUser: false);
        if (seconds is >= 0 and < LongestWait && await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(seconds))) != end)
        {
            await _signals.SendAsync(actor, Signals.SIGKILL, byUser: false);
        }

        await end;
        _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "stop"));
        return true;
    }

    private async Task<bool> AbandonRestartAsync(ContainerActor actor)
    {
        if (actor.Record.Phase == Phase.Restarting)
        {
            await _transitions.ApplyAsync(actor, Trigger.StopRequested, r => r with { Status = r.Status with { StoppedByUser = true } }, r => [ContainerEvents.Of(r, "stop")]);
        }

        return true;
    }

    private async Task RenameAsync(ContainerActor actor, string name)
    {
        ContainerRecord before = actor.Record;
        if (before.Name == name)
        {
            throw EngineException.Invalid("Renaming a container with the same name as its current name");
        }

        if (_registry.Reserve(name, before.Id) is { } owner)
        {
            throw ContainerNames.Taken(name, owner);
        }

        ContainerRecord after = before with { Name = name };
        try
        {
            EventLog.Numbered? told = await _database.WriteAsync(
                t => ContainerRows.TryRename(t, after.Id, name)
                    ? _events.Append(t, ContainerEvents.Of(after, "rename", ("oldName", $"/{before.Name}")))
                    : throw ContainerNames.Taken(name, "another"),
                CancellationToken.None);
            actor.Publish(after);
            _registry.Release(before.Name, before.Id);
            _events.Tell(told);
            await _networks.RenamedAsync(after);
        }
        catch
        {
            _registry.Release(name, before.Id);
            throw;
        }
    }
}
