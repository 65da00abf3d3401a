using System.Text;

using Berth.Engine.Containers;
using Berth.Linux;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Links;

/// <summary>
/// What follows for links when a container starts, ends or changes its networks: hosts files of the containers that are linked to it, and
/// ports that are open for links on networks that keep their containers apart.
/// </summary>
internal sealed class LinkUpdates(
    DataRoot root, ContainerRegistry registry, ContainerLinks links, ContainerTransitions transitions, NetworkService networks, Action<string> log)
{
    /// <summary>A user's additions beyond this are not kept: the file is the container's to fill.</summary>
    private const int LargestHosts = 1 << 20;

    private const uint Public = 0x1A4; // 0644

    /// <summary>Opens the ports of links from and to a container, where its networks need that. It has its places; its program need not run yet.</summary>
    /// <exception cref="EngineException">The firewall could not be changed.</exception>
    public async Task OpenAsync(ContainerRecord record)
    {
        HashSet<string> apart = [.. networks.Endpoints.Of(record.Id).Select(e => e.NetworkId).Where(networks.Endpoints.KeepsApart)];
        if (apart.Count > 0)
        {
            await networks.Endpoints.AllowAsync([.. Pairs(apart).Where(p => p.From.ContainerId == record.Id || p.To.ContainerId == record.Id)]);
        }
    }

    /// <summary>After a daemon's start: the ports of all links between containers that run, in one change.</summary>
    public async Task RestoreAsync()
    {
        HashSet<string> apart = [.. networks.Networks.Select(n => n.Id).Where(networks.Endpoints.KeepsApart)];
        try
        {
            await networks.Endpoints.AllowAsync(apart.Count > 0 ? Pairs(apart) : []);
        }
        catch (LinuxException e)
        {
            log($"ports that links open are shut until their containers start again: {e.Message}"); // no reason for the daemon not to start
        }
    }

    /// <summary>
    /// Writes the hosts files of those that have links to a container: its address is another, or it is gone. Each as work of its own container:
    /// a container can have links to older ones only, so this waits for younger ones only.
    /// </summary>
    public Task TellLinkersAsync(ContainerRecord record) =>
        Task.WhenAll(links.LinkersOf(record.Id).Select(linker => linker.RunAsync(() =>
        {
            Rewrite(linker.Record, []);
            return Task.CompletedTask;
        })));

    /// <summary>Removes the link "web/alias" from the container web.</summary>
    /// <exception cref="EngineException">NotFound; Conflict: it is the name of a container.</exception>
    public async Task RemoveAsync(string link)
    {
        if (registry.TrySplit(link) is not { } name)
        {
            _ = registry.Find(link);
            throw EngineException.Conflict("Conflict, cannot remove the default link name of the container");
        }

        await name.Parent.RunAsync(async () =>
        {
            IReadOnlyList<ContainerLink> links = name.Parent.Record.Status.Links ?? [];
            ContainerLink removed = links.FirstOrDefault(l => l.Alias == name.Alias) ?? throw EngineException.NotFound($"No such container: {link}");
            ContainerLink[] others = [.. links.Where(l => l != removed)];
            await transitions.NoteAsync(name.Parent, r => r with { Status = r.Status with { Links = others.Length > 0 ? others : null } });
            Rewrite(name.Parent.Record, [name.Alias]);
            await ShutAsync(name.Parent.Record, removed.Target);
        });
    }

    private async Task ShutAsync(ContainerRecord from, string to)
    {
        IReadOnlyList<Endpoint> ends = networks.Endpoints.Of(to);
        LinkedPorts[] shut =
        [
            .. networks.Endpoints.Of(from.Id).Where(e => networks.Endpoints.KeepsApart(e.NetworkId))
                .SelectMany(e => ends.Where(t => t.NetworkId == e.NetworkId).Select(t => new LinkedPorts(e, t, []))),
        ];
        await networks.Endpoints.AllowAsync(shut);
        await OpenAsync(from); // another link may lead there still
    }

    private List<LinkedPorts> Pairs(HashSet<string> apart)
    {
        var places = apart.ToDictionary(n => n, networks.Endpoints.On);
        string? bridge = networks.Find("bridge")?.Id;
        return
        [
            .. registry.All.Select(a => a.Record).SelectMany(r => LinkTargets.Of(r, places, bridge, key => networks.Find(key)?.Id))
                .Select(p => new LinkedPorts(p.From, p.To, Ports(p.To))),
        ];
    }

    private IReadOnlyList<LinkedPort> Ports(Endpoint endpoint) =>
    [
        .. ExposedPort.Of(registry.TryFind(endpoint.ContainerId)?.Record.Document.Config.ExposedPorts?.Keys).Select(p => new LinkedPort(p.Kind, p.Number)),
    ];

    private void Rewrite(ContainerRecord record, IReadOnlyList<string> former)
    {
        string path = root.Hosts(record.Id);
        if (!record.IsRunning || !File.Exists(path))
        {
            return;
        }

        try
        {
            string text = new FileInfo(path).Length <= LargestHosts
                ? File.ReadAllText(path)
                : throw EngineException.Invalid($"the container made its hosts file larger than {LargestHosts} bytes");
            string next = LinkedHosts.Update(text, [.. (record.Status.Links ?? []).Select(l => l.Alias), .. former], links.Hosts(record));
            if (next != text)
            {
                RunFile.Write(path, Encoding.UTF8.GetBytes(next), Public);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException or EngineException)
        {
            log($"/etc/hosts of container {record.Name} does not show the present addresses of its links: {e.Message}");
        }
    }
}
