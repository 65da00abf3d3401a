using System.Net;

namespace Berth.Network.Sandboxes;

/// <summary>
/// Our ends of veth pairs, by name, from before they exist until the kernel says that they are gone. Only then is an address free again:
/// a namespace that is still being torn down, or is shared with another container, may still answer for it. Pure state; not thread safe.
/// </summary>
internal sealed class LinkLedger
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Links released and not gone yet.</summary>
    public int Dying { get; private set; }

    /// <summary>All that is known.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>A link that is about to be made, or was found. False: the name is taken.</summary>
    public bool TryAdd(string name, IPAddress address) => _entries.TryAdd(name, new Entry { Address = address });

    /// <summary>Forgets a link that could not be made. The address is the caller's again.</summary>
    public void Undo(string name) => _entries.Remove(name);

    /// <summary>Nobody needs the link any more. Returns the address that is free now, or null where the kernel has still to let go.</summary>
    /// <param name="name">The link; an unknown one is no error.</param>
    /// <param name="deadline">When to remove it by hand, milliseconds of the caller's clock.</param>
    public IPAddress? Release(string name, long deadline)
    {
        if (!_entries.TryGetValue(name, out Entry? entry) || entry.Deadline is not null)
        {
            return null;
        }

        if (entry.Gone)
        {
            _entries.Remove(name);
            return entry.Address;
        }

        entry.Deadline = deadline;
        Dying++;
        return null;
    }

    /// <summary>The kernel says that a link is gone. Returns the address that is free now; null for a link in use (its container ended just now) and for a foreign one.</summary>
    public IPAddress? Removed(string name)
    {
        if (!_entries.TryGetValue(name, out Entry? entry))
        {
            return null;
        }

        if (entry.Deadline is null)
        {
            entry.Gone = true;
            return null;
        }

        Dying--;
        _entries.Remove(name);
        return entry.Address;
    }

    /// <summary>Links whose time is over, each once: they get a new deadline.</summary>
    public List<string> Overdue(long now, long nextDeadline)
    {
        var overdue = new List<string>();
        foreach ((string name, Entry entry) in _entries)
        {
            if (entry.Deadline <= now)
            {
                entry.Deadline = nextDeadline;
                overdue.Add(name);
            }
        }

        return overdue;
    }

    /// <summary>When the first deadline is; null: nothing dies.</summary>
    public long? NextDeadline() => Dying == 0 ? null : _entries.Values.Min(entry => entry.Deadline);

    /// <summary>Links known here that are not among those that exist.</summary>
    public List<string> Missing(IReadOnlySet<string> existing) => [.. _entries.Where(e => !e.Value.Gone && !existing.Contains(e.Key)).Select(e => e.Key)];

    private sealed class Entry
    {
        public required IPAddress Address { get; init; }

        /// <summary>Not null: released.</summary>
        public long? Deadline { get; set; }

        public bool Gone { get; set; }
    }
}
