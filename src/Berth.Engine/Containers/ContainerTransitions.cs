using Berth.Engine.Events;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Engine.Containers;

/// <summary>
/// Moves containers through the table: the transaction that writes the new state also writes its events; then the record is published and
/// the events are told. To be called by the container's actor's work only.
/// </summary>
internal sealed class ContainerTransitions(BerthDatabase database, EventLog events)
{
    /// <exception cref="EngineException">Conflict: the table does not have this move.</exception>
    public async Task<ContainerRecord> ApplyAsync(
        ContainerActor actor, Trigger trigger, Func<ContainerRecord, ContainerRecord>? change, Func<ContainerRecord, IReadOnlyList<EngineEvent>>? tell)
    {
        ContainerRecord before = actor.Record;
        Phase next = ContainerLifecycle.Next(before.Phase, trigger) ?? throw Refusal(before, trigger);
        ContainerRecord after = (change?.Invoke(before) ?? before) with { Phase = next };
        IReadOnlyList<EngineEvent> happened = tell?.Invoke(after) ?? [];
        List<EventLog.Numbered> told = await database.WriteAsync(
            t =>
            {
                ContainerRows.Update(t, after);
                return happened.Select(e => events.Append(t, e)).ToList();
            },
            CancellationToken.None);
        actor.Publish(after);
        told.ForEach(events.Tell);
        return after;
    }

    /// <summary>Changes what belongs to no move.</summary>
    public async Task NoteAsync(ContainerActor actor, Func<ContainerRecord, ContainerRecord> change)
    {
        ContainerRecord before = actor.Record, after = change(before);
        await database.WriteAsync(
            t =>
            {
                ContainerRows.Update(t, after);
                if (!ReferenceEquals(before.Document, after.Document))
                {
                    ContainerRows.UpdateDocument(t, after);
                }
            },
            CancellationToken.None);
        actor.Publish(after);
    }

    /// <summary>Publishes a move that needs no row, because what follows decides what stays of it.</summary>
    public ContainerRecord Announce(ContainerActor actor, Trigger trigger)
    {
        ContainerRecord before = actor.Record;
        ContainerRecord after = before with { Phase = ContainerLifecycle.Next(before.Phase, trigger) ?? throw Refusal(before, trigger) };
        actor.Publish(after);
        return after;
    }

    /// <summary>Why a move is not in the table, in Docker's words.</summary>
    public static EngineException Refusal(ContainerRecord record, Trigger trigger) => EngineException.Conflict((trigger, record.Phase) switch
    {
        (Trigger.StartRequested, Phase.Paused) => "cannot start a paused container, try unpause instead",
        (Trigger.StartRequested, Phase.Removing or Phase.Dead) => "container is marked for removal and cannot be started",
        (Trigger.PauseRequested, Phase.Paused) => $"Container {record.Id} is already paused",
        (Trigger.PauseRequested, Phase.Restarting) => $"Container {record.Id} is restarting, wait until the container is running",
        (Trigger.PauseRequested, Phase.Stopping) => $"Container {record.Id} is being stopped",
        (Trigger.ResumeRequested, _) => $"Container {record.Id} is not paused",
        (Trigger.RemoveRequested, Phase.Running or Phase.Stopping or Phase.Starting or Phase.Restarting) =>
            $"cannot remove container \"/{record.Name}\": container is {ContainerLifecycle.Status(record.Phase)}: stop the container before removing or force remove",
        (Trigger.RemoveRequested, Phase.Paused) => $"cannot remove container \"/{record.Name}\": container is paused and must be unpaused first",
        (Trigger.RemoveRequested, Phase.Removing) => $"removal of container {record.Name} is already in progress",
        _ => $"Container {record.Id} is not running",
    });
}
