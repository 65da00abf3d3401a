using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Links;
using Berth.Engine.Ports;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Engine.Networks;

/// <summary>Makes and removes networks, and puts containers on them and off, whether they run or not.</summary>
public sealed class NetworkControl
{
    private readonly NetworkService _networks;
    private readonly ContainerRegistry _registry;
    private readonly ContainerTransitions _transitions;
    private readonly EventLog _events;
    private readonly LinkUpdates _links;
    private readonly PortControl _ports;
    private readonly ContainerEtc _etc;

    internal NetworkControl(
        NetworkService networks, ContainerRegistry registry, ContainerTransitions transitions, EventLog events, PortControl ports, ContainerEtc etc, LinkUpdates links) =>
        (_networks, _registry, _transitions, _events, _ports, _etc, _links) = (networks, registry, transitions, events, ports, etc, links);

    /// <exception cref="EngineException">What is wrong with the request, or why it cannot be done now.</exception>
    public async Task<NetworkCreateResponse> CreateAsync(NetworkCreateRequest request, CancellationToken cancel)
    {
        Network.Network network = await _networks.CreateAsync(NetworkShapes.Definition(request), (t, n) => Tell(t, "create", n), cancel);
        return new NetworkCreateResponse { Id = network.Id, Warning = "" };
    }

    /// <exception cref="EngineException">NotFound; Forbidden: predefined, or containers are on it.</exception>
    public async Task RemoveAsync(string nameOrId, CancellationToken cancel)
    {
        Network.Network network = Find(nameOrId);
        IReadOnlyList<Endpoint> present = await _networks.RemoveAsync(network, (t, n) => Tell(t, "destroy", n), cancel);
        if (present.Count > 0)
        {
            string who = string.Join(", ", present.Select(e => $"name:\"{_registry.TryFind(e.ContainerId)?.Record.Name}\" id:\"{e.Id[..12]}\""));
            throw new EngineException(EngineErrorKind.Forbidden, $"error while removing network: network {network.Name} has active endpoints ({who})");
        }
    }

    /// <summary>Removes the networks that no container is on, as stopped ones are counted too.</summary>
    public async Task<NetworkPruneResponse> PruneAsync(Filters filters, CancellationToken cancel)
    {
        NetworkFilter filter = NetworkFilter.ForPrune(filters);
        HashSet<string> wanted = [.. _registry.All.SelectMany(a => a.Record.Networks.Keys).Select(k => _networks.Find(k)?.Id ?? k)];
        var deleted = new List<string>();
        foreach (Network.Network network in _networks.Networks.Where(n => !n.IsPredefined && !wanted.Contains(n.Id) && filter.Matches(n, inUse: false)))
        {
            cancel.ThrowIfCancellationRequested();
            if (!network.ConfigOnly && (await _networks.RemoveAsync(network, (t, n) => Tell(t, "destroy", n), cancel)).Count == 0)
            {
                deleted.Add(network.Name);
            }
        }

        await _events.PostAsync(new EngineEvent("network", "prune", "", new Dictionary<string, string> { ["reclaimed"] = "0" }));
        return new NetworkPruneResponse { NetworksDeleted = deleted };
    }

    /// <exception cref="EngineException">NotFound, Conflict, Forbidden (it is on it), Invalid.</exception>
    public Task ConnectAsync(string nameOrId, string container, EndpointSettings? settings, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        Network.Network network = Find(nameOrId);
        EndpointSettings wanted = ContainerNetworks.Wanted(settings);
        ContainerNetworks.Check(network.Name, wanted);
        return actor.RunAsync(() => ConnectAsync(actor, network, wanted));
    }

    /// <exception cref="EngineException">NotFound, Conflict.</exception>
    public async Task DisconnectAsync(string nameOrId, string container, bool force, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        Network.Network network = Find(nameOrId);
        await actor.RunAsync(() => DisconnectAsync(actor, network, force));
    }

    /// <summary>A container was renamed: its neighbours find it by the new name. Work of its actor.</summary>
    internal async Task RenamedAsync(ContainerRecord record)
    {
        if (record.IsRunning && JoinedNamespaces.Target(record.Document.HostConfig.NetworkMode) is null)
        {
            await _networks.Endpoints.RenameAsync(record.Id, e => NamesOf(record, e), _etc.Dns(record));
        }
    }

    private IReadOnlyList<string> NamesOf(ContainerRecord record, Endpoint endpoint)
    {
        Network.Network? network = _networks.Find(endpoint.NetworkId);
        EndpointSettings? wanted = network is not null && KeyOf(record, network) is { } key ? record.Networks[key] : null;
        return wanted is null ? endpoint.Names : ContainerNetworks.NamesOf(record, wanted);
    }

    /// <summary>Once after start: takes running containers off networks that their rows do not know, where a killed daemon had begun to put them or take them off.</summary>
    internal async Task SettleAsync()
    {
        foreach (ContainerActor actor in _registry.All.Where(a => a.Record.IsRunning).ToList())
        {
            await actor.RunAsync(() => SettleAsync(actor));
        }
    }

    private async Task ConnectAsync(ContainerActor actor, Network.Network network, EndpointSettings wanted)
    {
        ContainerRecord record = actor.Record;
        string mode = record.Document.HostConfig.NetworkMode ?? "bridge";
        if (JoinedNamespaces.Target(mode) is not null || mode == "host")
        {
            throw EngineException.Invalid("container sharing network namespace with another container or host cannot be connected to any other network");
        }

        if (network.Driver == NetworkDrivers.Host)
        {
            throw EngineException.Invalid("cannot connect container to host network - container must be created in host network mode");
        }

        if (network.ConfigOnly)
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"cannot create endpoint on configuration-only network: {network.Name} holds configuration for other networks");
        }

        if (network.Driver == NetworkDrivers.None || record.Networks.ContainsKey("none"))
        {
            throw EngineException.Invalid("container cannot be connected to multiple networks with one of the networks in private (none) mode");
        }

        if (KeyOf(record, network) is not null)
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"endpoint with name {record.Name} already exists in network {network.Name}");
        }

        if (wanted.MacAddress is null && network.Name == mode && record.Document.Config.MacAddress is { Length: > 0 } mac)
        {
            wanted = wanted with { MacAddress = mac }; // the container's own, of clients before API 1.44; docker-compose 1.29 takes it off and puts it back
        }

        ContainerRecord next = On(record, new Dictionary<string, EndpointSettings>(record.Networks) { [network.Name] = wanted });
        if (record.IsRunning)
        {
            using FileDescriptor space = NamespaceOf(record);
            IReadOnlyList<Endpoint> before = _networks.Endpoints.Of(record.Id);
            await _networks.Endpoints.ConnectAsync(record.Id, space, ContainerNetworks.RequestOf(record, network.Name, wanted), _etc.Dns(next));
            try
            {
                _etc.Moved(next, before, _networks.Endpoints.Of(record.Id));
                await _ports.SettleAsync(actor, left: null);
            }
            catch
            {
                await LeaveAsync(actor, network, space);
                throw;
            }
        }

        // The row comes last, and when it goes, first: what a killed daemon leaves is an endpoint that no row knows, which SettleAsync takes away.
        await NoteAsync(actor, next.Networks);
        if (record.IsRunning)
        {
            await FollowAsync(actor, "connect", network);
        }
    }

    private async Task DisconnectAsync(ContainerActor actor, Network.Network network, bool force)
    {
        ContainerRecord record = actor.Record;
        if (network.Driver == NetworkDrivers.Host && record.Document.HostConfig.NetworkMode == "host")
        {
            throw EngineException.Conflict("cannot disconnect container from host network - container was created in host network mode");
        }

        if (KeyOf(record, network) is not { } key)
        {
            throw force
                ? EngineException.NotFound($"container {record.Name} is not connected to network {network.Name}")
                : EngineException.Conflict($"container {record.Id} is not connected to network {network.Name}");
        }

        ContainerRecord next = On(record, record.Networks.Where(n => n.Key != key).ToDictionary());
        using FileDescriptor? space = record.IsRunning && network.Driver != NetworkDrivers.None ? NamespaceOf(record) : null;
        await NoteAsync(actor, next.Networks);
        if (space is not null)
        {
            await LeaveAsync(actor, network, space);
            await FollowAsync(actor, "disconnect", network);
            return;
        }

        _ = _events.PostAsync(NetworkEvents.Of("disconnect", network, record.Id)); // of a stopped one too, as Docker does
    }

    private async Task SettleAsync(ContainerActor actor)
    {
        foreach (Endpoint endpoint in _networks.Endpoints.Of(actor.Record.Id))
        {
            // One that ends meanwhile gives back all it has.
            if (_networks.Find(endpoint.NetworkId) is { } network && KeyOf(actor.Record, network) is null && ProcessIdentity.IsAlive(actor.Record.Pid, actor.Record.PidStartTime))
            {
                using FileDescriptor space = NamespaceOf(actor.Record);
                await LeaveAsync(actor, network, space);
            }
        }
    }

    private async Task LeaveAsync(ContainerActor actor, Network.Network network, FileDescriptor space)
    {
        IReadOnlyList<Endpoint> before = _networks.Endpoints.Of(actor.Record.Id);
        Endpoint? left = await _networks.Endpoints.DisconnectAsync(actor.Record.Id, space, network.Id);
        _etc.Moved(actor.Record, before, _networks.Endpoints.Of(actor.Record.Id));
        await _ports.SettleAsync(actor, left);
    }

    // What else depends on where a running container is.
    private async Task FollowAsync(ContainerActor actor, string action, Network.Network network)
    {
        await _links.OpenAsync(actor.Record);
        await _links.TellLinkersAsync(actor.Record);
        _ = _events.PostAsync(NetworkEvents.Of(action, network, actor.Record.Id));
    }

    private Task NoteAsync(ContainerActor actor, IReadOnlyDictionary<string, EndpointSettings> wanted) => _transitions.NoteAsync(actor, r => On(r, wanted));

    private static ContainerRecord On(ContainerRecord record, IReadOnlyDictionary<string, EndpointSettings> networks) =>
        record with { Status = record.Status with { Networks = networks } };

    // Whoever made the container may have named the network by its id or the beginning of it.
    private string? KeyOf(ContainerRecord record, Network.Network network) =>
        record.Networks.Keys.FirstOrDefault(k => k == network.Name) ?? record.Networks.Keys.FirstOrDefault(k => _networks.Find(k)?.Id == network.Id);

    private static FileDescriptor NamespaceOf(ContainerRecord record)
    {
        try
        {
            FileDescriptor space = FileDescriptor.Open($"/proc/{record.Pid}/ns/net", Libc.O_RDONLY);
            if (ProcessIdentity.IsAlive(record.Pid, record.PidStartTime)) // after the opening: the number may be another process's by now
            {
                return space;
            }

            space.Dispose();
        }
        catch (LinuxException)
        {
            // Gone before it could be opened.
        }

        throw EngineException.Conflict($"container {record.Name} has just ended");
    }

    private Network.Network Find(string nameOrId) => _networks.Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found");

    private void Tell(Transaction transaction, string action, Network.Network network)
    {
        EventLog.Numbered told = _events.Append(transaction, NetworkEvents.Of(action, network));
        transaction.OnCommit(() => _events.Tell(told));
    }
}
