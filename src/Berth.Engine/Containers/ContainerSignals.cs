using Berth.Engine.Events;
using Berth.Linux.Cgroups;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>Sends signals to first processes, by way of the monitor, which holds each by a descriptor: never to a stranger of the same number.</summary>
internal sealed class ContainerSignals(ContainerTransitions transitions, EventLog events, ContainerBundle bundle, ICgroupDriver cgroups)
{
    /// <summary>Sends a signal. A container that has just ended has had it, as far as anybody can tell.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="signal">Its number.</param>
    /// <param name="byUser">Not part of a stop, which has said so already: a signal that is meant to end the container keeps its restart policy from starting it again.</param>
    public async Task SendAsync(ContainerActor actor, int signal, bool byUser)
    {
        bool ending = signal == Signals.SIGKILL || Signals.Parse(actor.Record.Document.Config.StopSignal is { Length: > 0 } own ? own : "SIGTERM") == signal;
        if (byUser && ending && actor.Record.Document.HostConfig.RestartPolicy?.Name is not (null or "" or "no"))
        {
            await actor.RunAsync(() => transitions.NoteAsync(actor, r => r with { Status = r.Status with { StoppedByUser = true } }));
        }

        if (actor.Monitor is not { } monitor)
        {
            return;
        }

        try
        {
            await monitor.SignalAsync(signal, null, CancellationToken.None);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.Conflict)
        {
            return; // it has ended meanwhile
        }

        // A frozen process receives nothing, not even SIGKILL on cgroup v1.
        if (ending && cgroups.Open(bundle.CgroupPath(actor.Record)) is { IsFrozen: true } cgroup)
        {
            cgroup.SetFrozen(false);
        }

        _ = events.PostAsync(ContainerEvents.Of(actor.Record, "kill", ("signal", $"{signal}")));
    }
}
