using Berth.Engine.Monitors;
using Berth.Engine.Streams;

namespace Berth.Engine.Containers;

/// <summary>
/// Drives one container. Work runs one piece after the other, in the order it was asked for; the record it publishes is what everybody else sees.
/// What waits long (for an end, for a timeout) waits outside, or nobody could kill a container that is being stopped.
/// </summary>
internal sealed class ContainerActor(ContainerRecord record)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private Task _last = Task.CompletedTask;
    private volatile ContainerRecord _record = record;

    public ContainerRecord Record => _record;

    /// <summary>The monitor while the container runs. Touched by this actor's work only, but for sending it signals.</summary>
    public volatile MonitorLink? Monitor;

    /// <summary>Attach streams that wait for the start.</summary>
    public PendingAttachments Attachments { get; } = new();

    /// <summary>Runs a piece of work after all that was asked for before. It is carried through also where the caller gives up waiting.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        lock (_lock)
        {
            Task<T> next = Next(_last, work);
            _last = next;
            return next;
        }

        static async Task<T> Next(Task before, Func<Task<T>> work)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            return await work();
        }
    }

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Makes a record the present one. Only this actor's work may.</summary>
    public void Publish(ContainerRecord next)
    {
        lock (_lock)
        {
            _record = next;
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Condition(next))
                {
                    _waiters[i].Done.TrySetResult(next);
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>The first record, from the present one on, of which a condition holds. No record in between is missed.</summary>
    public async Task<ContainerRecord> WhenAsync(Func<ContainerRecord, bool> condition, CancellationToken cancel)
    {
        var waiter = new Waiter(condition);
        lock (_lock)
        {
            if (condition(_record))
            {
                return _record;
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Done.Task.WaitAsync(cancel);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private sealed record Waiter(Func<ContainerRecord, bool> Condition)
    {
        public TaskCompletionSource<ContainerRecord> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
