using System.Diagnostics.CodeAnalysis;

namespace Berth.Network.Sandboxes;

/// <summary>Ready sandboxes of one kind, and those who found none. Pure state; not thread safe.</summary>
internal sealed class SandboxShelf
{
    private readonly LinkedList<PreparedSandbox> _ready = [];
    private readonly LinkedList<SandboxWaiter> _waiters = [];

    public int Ready => _ready.Count;

    public int Waiting => _waiters.Count;

    /// <summary>The one that has been ready longest.</summary>
    public bool TryTake([NotNullWhen(true)] out PreparedSandbox? sandbox) => TryPop(_ready, out sandbox);

    public void Put(PreparedSandbox sandbox) => _ready.AddLast(sandbox);

    public void Wait(SandboxWaiter waiter) => _waiters.AddLast(waiter);

    /// <summary>The waiter whose turn it is.</summary>
    public bool TryTakeWaiter([NotNullWhen(true)] out SandboxWaiter? waiter) => TryPop(_waiters, out waiter);

    /// <summary>It could not be served now and keeps its turn.</summary>
    public void PutBack(SandboxWaiter waiter) => _waiters.AddFirst(waiter);

    /// <summary>Takes out a ready one whose link went.</summary>
    public PreparedSandbox? Remove(string hostInterface)
    {
        PreparedSandbox? found = _ready.FirstOrDefault(s => s.Place?.HostInterface == hostInterface);
        if (found is not null)
        {
            _ready.Remove(found);
        }

        return found;
    }

    private static bool TryPop<T>(LinkedList<T> list, [NotNullWhen(true)] out T? first)
        where T : class
    {
        first = list.First?.Value;
        if (first is not null)
        {
            list.RemoveFirst();
        }

        return first is not null;
    }
}
