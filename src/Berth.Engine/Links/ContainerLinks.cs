using Berth.Engine.Containers;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Links;

/// <summary>The links of containers on the default bridge, as they are now. Answers from published records; never waits.</summary>
/// <param name="registry">All containers.</param>
/// <param name="onBridge">The place on the default bridge of a container, by id.</param>
internal sealed class ContainerLinks(ContainerRegistry registry, Func<string, Endpoint?> onBridge)
{
    private const string DefaultBridge = "bridge";

    /// <summary>What a create request's links lead to.</summary>
    /// <exception cref="EngineException">Invalid: no such container, or one that cannot be linked to.</exception>
    public IReadOnlyList<ContainerLink> Resolve(IReadOnlyList<LinkSpec> asked) => 
        [.. asked.Select(l => (Target: Target(l.Target), l.Alias)).Select(l => new ContainerLink(l.Target.Id, l.Alias, l.Target.Name))];

    /// <summary>What a container's links lead to now. Those to containers that were removed are left out.</summary>
    public IReadOnlyList<LinkedContainer> Of(ContainerRecord record)
    {
        IReadOnlyList<ContainerLink> links = record.Status.Links ?? [];
        return links.Count == 0
            ? []
            :
            [
                .. links.Select(l => (l.Alias, Record: Present(l))).Where(l => l.Record is not null)
                    .Select(l => new LinkedContainer(l.Alias, l.Record!, onBridge(l.Record!.Id))),
            ];
    }

    /// <summary>Before a start: all of a container's links must lead somewhere.</summary>
    /// <exception cref="EngineException">Conflict: one does not run, or is not on the default bridge.</exception>
    public void Check(ContainerRecord record)
    {
        if (!record.Networks.ContainsKey(DefaultBridge))
        {
            return;
        }

        if (record.Status.Links?.FirstOrDefault(l => Present(l) is null) is { } gone)
        {
            throw EngineException.Conflict(
                $"Cannot link to a non running container: /{gone.Name} AS /{record.Name}/{gone.Alias}: it was removed; make this container anew, or remove the link: rm --link {record.Name}/{gone.Alias}");
        }

        foreach (LinkedContainer linked in Of(record))
        {
            if (!linked.Record.Networks.ContainsKey(DefaultBridge))
            {
                throw EngineException.Conflict($"Cannot link to /{linked.Record.Name}, as it does not belong to the default network");
            }

            if (!linked.IsThere)
            {
                throw EngineException.Conflict($"Cannot link to a non running container: /{linked.Record.Name} AS /{record.Name}/{linked.Alias}");
            }
        }
    }

    /// <summary>The variables of a container's first process, and of what is executed in it later.</summary>
    public IReadOnlyList<string> Environment(ContainerRecord record) =>
        record.Networks.ContainsKey(DefaultBridge) ? [.. Of(record).SelectMany(l => l.Environment(record.Name))] : [];

    /// <summary>The lines of a container's hosts file.</summary>
    public IReadOnlyList<HostsEntry> Hosts(ContainerRecord record) =>
        record.Networks.ContainsKey(DefaultBridge) ? [.. Of(record).SelectMany(l => l.Hosts())] : [];

    /// <summary>As inspect shows them, "/db:/web/alias"; null: none.</summary>
    public IReadOnlyList<string>? Shown(ContainerRecord record) =>
        record.Status.Links is { Count: > 0 } links ? [.. links.Select(l => $"/{Present(l)?.Name ?? l.Name}:/{record.Name}/{l.Alias}")] : null;

    /// <summary>By a container's id: what it is called by the links of others, "web/alias".</summary>
    public ILookup<string, string> Names() => registry.All.Select(a => a.Record)
        .SelectMany(r => (r.Status.Links ?? []).Select(l => (l.Target, Name: $"{r.Name}/{l.Alias}"))).OrderBy(l => l.Name, StringComparer.Ordinal)
        .ToLookup(l => l.Target, l => l.Name);

    /// <summary>The containers that have links to one.</summary>
    public IEnumerable<ContainerActor> LinkersOf(string id) => registry.All.Where(a => a.Record.Status.Links?.Any(l => l.Target == id) == true);

    private ContainerRecord? Present(ContainerLink link) => registry.TryFind(link.Target)?.Record is { Phase: not Phase.Removed } record ? record : null;

    // Not as "not found": a client that gets 404 from create takes the image to be missing, and pulls it.
    private ContainerRecord Target(string name)
    {
        ContainerRecord target;
        try
        {
            target = registry.Find(name).Record;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.NotFound or EngineErrorKind.Invalid)
        {
            throw EngineException.Invalid($"could not get container for {name}: {e.Message}", e);
        }

        return JoinedNamespaces.Target(target.Document.HostConfig.NetworkMode) is { } other ? Target(other)
            : target.Document.HostConfig.NetworkMode == "host"
                ? throw EngineException.Invalid("conflicting options: host type networking can't be used with links. This would result in undefined behavior")
                : target;
    }
}
