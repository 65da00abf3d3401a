using System.Globalization;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Monitors;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Ports;

/// <summary>Publishes and unpublishes ports of containers, also while they run: no connection that stands is touched.</summary>
public sealed class PortControl
{
    private readonly NetworkService _networks;
    private readonly ContainerRegistry _registry;
    private readonly ContainerTransitions _transitions;
    private readonly EventLog _events;
    private readonly bool _throughHost;

    internal PortControl(NetworkService networks, ContainerRegistry registry, ContainerTransitions transitions, EventLog events, bool throughHost) =>
        (_networks, _registry, _transitions, _events, _throughHost) = (networks, registry, transitions, events, throughHost);

    /// <exception cref="EngineException">NotFound; Invalid; Conflict: a port is taken, and by whom. Then nothing was changed.</exception>
    public Task<ContainerUpdateResponse> UpdateAsync(string container, ContainerUpdateRequest request, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        IReadOnlyList<PortRequest> add = [.. PortBindings.Parse(request.PortBindings), .. PortBindings.Parse(request.PortBindingsAdd)];
        IReadOnlyList<PortPattern> remove = PortPattern.Parse(request.PortBindingsRemove ?? new Dictionary<string, IReadOnlyList<PortBinding>?>());
        return actor.RunAsync(async () =>
        {
            Check(actor.Record, add.Count > 0);
            await ChangeAsync(actor, add, remove, all: request.PortBindings is not null);
            return new ContainerUpdateResponse { Warnings = [] };
        });
    }

    /// <summary>What is to be said about ports that a container asks for: the host's own firewall denies them, and the policy "open" passes it by.</summary>
    /// <param name="host">The container's.</param>
    /// <param name="config">Likewise.</param>
    /// <param name="on">The networks it wants to be on.</param>
    internal async Task<IReadOnlyList<string>> WarningsAsync(HostConfig host, ContainerConfig config, IEnumerable<string> on)
    {
        const int MostAsked = 16; // one line says as much as a thousand
        bool routed = _networks.Find(host.NetworkMode ?? "bridge") is { } network && NetworkPolicy.Of(network).Routed; // no port of the host leads there
        if (host.NetworkMode is "host" or "none" || routed || PortBindings.ThroughHost(config, _throughHost))
        {
            return [];
        }

        if (Unpublished(PortBindings.Of(host, config), [.. on.Select(_networks.Find)]) is { } unpublished)
        {
            return [unpublished];
        }

        var warnings = new List<string>();
        foreach (PortRequest request in PortBindings.Of(host, config).Where(r => r.First != 0).Take(MostAsked)) // 0: which it will be is not known yet
        {
            var port = new PublishedPort(request.Protocol, request.ContainerPort, request.HostAddress ?? System.Net.IPAddress.Any, request.First);
            if (await _networks.WarningForAsync(port) is { } warning)
            {
                warnings.Add(warning);
            }
        }

        return warnings;
    }

    /// <summary>
    /// What is to be said about ports that no network of the container publishes: those of macvlan, ipvlan and internal networks do not, as in Docker. Null: nothing,
    /// also where a network does not exist yet. Pure.
    /// </summary>
    internal static string? Unpublished(IReadOnlyCollection<PortRequest> requests, IReadOnlyList<Network.Network?> networks)
    {
        bool published = networks.Count == 0 || networks.Any(n => n is null or { Driver: NetworkDrivers.Bridge, Internal: false });
        if (published || requests.Count == 0)
        {
            return null;
        }

        string ports = string.Join(", ", requests.Take(4).Select(r => PortBindings.Key(r.Protocol, r.ContainerPort))) + (requests.Count > 4 ? " and more" : "");
        string where = string.Join(", ", networks.Select(n => $"{n!.Name} ({(n.Internal ? "internal" : n.Driver)})"));
        return $"Published ports are not available on the network {where}, so {ports} of this container will not be reachable at the host's addresses: "
            + "connect it to a bridge network as well, or use the container's own address.";
    }

    /// <summary>After a running container came onto a network or left one: its ports follow its way out. Work of its actor.</summary>
    internal async Task SettleAsync(ContainerActor actor, Endpoint? left)
    {
        using (PortChange moved = await _networks.Ports.MoveAsync(actor.Record.Id, left))
        {
            await TellAsync(actor, moved);
        }

        IReadOnlyList<PortRequest> wanted = Wanted(actor.Record);
        if (wanted.Count > 0 && _networks.Ports.Of(actor.Record.Id).Count == 0 && _networks.Ports.CanPublish(actor.Record.Id))
        {
            await AddAsync(actor, wanted);
        }
    }

    /// <summary>What a container wants published, where it is on a network that ports are published for.</summary>
    internal static IReadOnlyList<PortRequest> Wanted(ContainerRecord record) =>
        HasOthersNetwork(Mode(record)) ? [] : PortBindings.Of(record.Document.HostConfig, record.Document.Config);

    // Who was made without a network may have been put on one since, and off it again.
    private static void Check(ContainerRecord record, bool adds)
    {
        string mode = Mode(record);
        if (adds && (HasOthersNetwork(mode) || (mode == "none" && record.Networks.Keys.All(n => n == "none"))))
        {
            throw EngineException.Conflict($"container {record.Name} has the network mode {mode}: it has no ports of its own to publish");
        }
    }

    private static string Mode(ContainerRecord record) => record.Document.HostConfig.NetworkMode ?? "bridge";

    private static bool HasOthersNetwork(string mode) => mode == "host" || JoinedNamespaces.Target(mode) is not null;

    private async Task ChangeAsync(ContainerActor actor, IReadOnlyList<PortRequest> add, IReadOnlyList<PortPattern> remove, bool all)
    {
        ContainerRecord record = actor.Record;
        IReadOnlyList<PublishedPort> present = record.IsRunning ? _networks.Ports.Of(record.Id) : [];
        List<PortRequest> written = [.. PortBindings.Parse(record.Document.HostConfig.PortBindings)];

        // A port at the container's own address has no port of the host: it is meant by how it was asked for, and stays while one of those who asked is left.
        bool Takes(PortPattern r, PublishedPort p) => r.Matches(p) && (p.OnHost || r.Meant.First == 0 || written.Any(w => r.Matches(w) && w.Covers(p)));
        bool Asked(PublishedPort p) => !p.OnHost && written.Any(w => w.Covers(p) && !remove.Any(r => r.Matches(w)));
        if (remove.FirstOrDefault(r => !present.Any(p => Takes(r, p)) && !written.Any(r.Matches)) is { } nowhere)
        {
            throw EngineException.Invalid($"no public port '{nowhere}' published for {record.Name}: {Published(present, written)}");
        }

        PublishedPort[] going = [.. present.Where(p => (remove.Any(r => Takes(r, p)) && !Asked(p)) || (all && !add.Any(a => a.Covers(p))))];
        PublishedPort[] staying = [.. present.Except(going)];

        // A range or "any port" goes with the port that was chosen for it, or the next start would choose again.
        bool Ends(PortRequest w) => remove.Any(p => p.Matches(w)) || (remove.Count > 0 && going.Any(w.Covers) && !staying.Any(w.Covers));
        List<PortRequest> kept = [.. written.Where(w => !Ends(w) && (!all || add.Contains(w)))];
        PortRequest[] coming = [.. add.Where(a => (a.First == 0 && !all) || !staying.Any(a.Covers))];
        if (record.IsRunning)
        {
            // New ones first: where one is taken, nothing was changed.
            await AddAsync(actor, coming);
            using PortChange removed = await _networks.Ports.RemoveAsync(record.Id, going.Contains);
            await TellAsync(actor, removed);
        }

        HostConfig changed = record.Document.HostConfig with { PortBindings = Written([.. kept, .. add.Except(kept)]) };
        await _transitions.NoteAsync(actor, r => r with { Document = r.Document with { HostConfig = changed } });
        _ = _events.PostAsync(ContainerEvents.Of(actor.Record, "update"));
    }

    // A container that does not run has only what it asks for.
    private static string Published(IReadOnlyList<PublishedPort> present, IReadOnlyList<PortRequest> written)
    {
        const int MostNamed = 8;
        string[] all = present.Count > 0
            ? [.. present.Select(p => p.OnHost ? $"{p} ({p.ContainerPort}/{p.ProtocolName})" : p.ToString())]
            : [.. written.Select(w => new PortPattern(w).ToString())];
        return all.Length == 0 ? "it publishes none" : $"it publishes {string.Join(", ", all.Take(MostNamed))}{(all.Length > MostNamed ? " and more" : "")}";
    }

    private async Task AddAsync(ContainerActor actor, IReadOnlyList<PortRequest> requests)
    {
        if (requests.Count == 0)
        {
            return;
        }

        HashSet<PublishedPort> before = [.. _networks.Ports.Of(actor.Record.Id)];
        using PortChange added = await _networks.Ports.AddAsync(
            actor.Record.Id, requests, PortBindings.ThroughHost(actor.Record.Document.Config, _throughHost));
        try
        {
            await TellAsync(actor, added);
        }
        catch
        {
            (await _networks.Ports.RemoveAsync(actor.Record.Id, p => !before.Contains(p))).Dispose();
            throw;
        }
    }

    private static async Task TellAsync(ContainerActor actor, PortChange change)
    {
        if (!change.IsEmpty)
        {
            MonitorLink monitor = actor.Monitor ?? throw EngineException.Conflict($"container {actor.Record.Name} has just ended");

            // A monitor holds sockets of SCTP and passes nothing on: one that comes without a socket (moved, or of a kernel that has no such sockets) is nothing to it.
            await monitor.ChangePortsAsync([.. change.Add.Where(a => a.Socket is not null || a.Port.Protocol != "sctp")], change.Remove, CancellationToken.None);
        }
    }

    private static Dictionary<string, IReadOnlyList<PortBinding>?> Written(IReadOnlyList<PortRequest> requests) =>
        requests.GroupBy(r => PortBindings.Key(r.Protocol, r.ContainerPort)).ToDictionary(g => g.Key, g => (IReadOnlyList<PortBinding>?)[.. g.Select(Binding)]);

    private static PortBinding Binding(PortRequest request) => new()
    {
        HostIp = request.HostAddress?.ToString() ?? "",
        HostPort = request.First == 0 ? "" : request.First == request.Last
            ? request.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{request.First}-{request.Last}"),
    };
}
