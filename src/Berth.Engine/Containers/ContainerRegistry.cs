using System.Collections.Concurrent;

using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>All containers by id and name.</summary>
internal sealed class ContainerRegistry
{
    private readonly ConcurrentDictionary<string, ContainerActor> _actors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    public IEnumerable<ContainerActor> All => _actors.Values;

    public int Count => _actors.Count;

    /// <summary>Takes a name for an id before its row exists; the id that has it already, or null when it was free.</summary>
    public string? Reserve(string name, string id)
    {
        string owner = _names.GetOrAdd(name, id);
        return owner == id ? null : owner;
    }

    /// <summary>Gives a name back, where that id has it.</summary>
    public void Release(string name, string id) => _names.TryRemove(new KeyValuePair<string, string>(name, id));

    public void Add(ContainerActor actor)
    {
        _names[actor.Record.Name] = actor.Record.Id;
        _actors[actor.Record.Id] = actor;
    }

    public void Remove(ContainerRecord record)
    {
        _actors.TryRemove(record.Id, out _);
        Release(record.Name, record.Id);
    }

    /// <summary>By id, name (with or without a slash), link's name ("web/db") or unambiguous beginning of an id, in this order.</summary>
    /// <exception cref="EngineException">NotFound; Invalid: several ids begin so.</exception>
    public ContainerActor Find(string nameOrId)
    {
        if (string.IsNullOrEmpty(nameOrId))
        {
            throw EngineException.Invalid("invalid name or ID supplied: \"\"");
        }

        return TryFind(nameOrId) ?? throw EngineException.NotFound($"No such container: {nameOrId}");
    }

    /// <summary>The two parts of a link's name, "web/db": the container that has it, and its alias. Null: it is none.</summary>
    public (ContainerActor Parent, string Alias)? TrySplit(string name)
    {
        string[] parts = name.TrimStart('/').Split('/');
        return parts.Length == 2 && _names.TryGetValue(parts[0], out string? id) && _actors.TryGetValue(id, out ContainerActor? parent) ? (parent, parts[1]) : null;
    }

    public ContainerActor? TryFind(string nameOrId)
    {
        if (_actors.TryGetValue(nameOrId, out ContainerActor? exact))
        {
            return exact;
        }

        string name = nameOrId.StartsWith('/') ? nameOrId[1..] : nameOrId;
        if (TrySplit(name) is { } link)
        {
            return link.Parent.Record.Status.Links?.FirstOrDefault(l => l.Alias == link.Alias) is { } known ? _actors.GetValueOrDefault(known.Target) : null;
        }

        if (_names.TryGetValue(name, out string? id) && _actors.TryGetValue(id, out ContainerActor? named))
        {
            return named;
        }

        if (nameOrId.Length == 0 || nameOrId.Length > 64 || nameOrId.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            return null;
        }

        ContainerActor? found = null;
        foreach ((string candidate, ContainerActor actor) in _actors)
        {
            if (candidate.StartsWith(nameOrId, StringComparison.Ordinal))
            {
                found = found is null ? actor : throw EngineException.Invalid($"Multiple IDs found with provided prefix: {nameOrId}");
            }
        }

        return found;
    }
}
