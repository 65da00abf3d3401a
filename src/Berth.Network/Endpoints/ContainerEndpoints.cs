using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network.Dns;
using Berth.Network.Endpoints;
using Berth.Network.Networks;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network;

/// <summary>
/// Containers on networks: a namespace with its interfaces for one that starts, further ones while it runs, and all of it taken back. What is
/// done for one container is asked for one after the other; different ones do not wait for each other. Safe for concurrent use.
/// </summary>
public sealed class ContainerEndpoints
{
    private readonly BerthDatabase _database;
    private readonly Action<string> _log;
    private readonly NetworkThread _thread;
    private readonly SandboxPool _pool;
    private readonly NetworkTable _table;
    private readonly EndpointLinks _links;
    private readonly LinkedPairs _pairs;
    private readonly PortPublisher _publisher;
    private readonly ContainerDns _dns;
    private readonly LinkRemover _remover;
    private readonly EndpointPlacement _placement;
    private readonly EndpointAttachment _attachment;

    internal ContainerEndpoints(BerthDatabase database, Action<string> log, NetworkThread thread, SandboxPool pool, NetworkTable table, HostNetworking host, ContainerDns dns)
    {
        (_database, _log, _thread, _pool, _table) = (database, log, thread, pool, table);
        (_links, _publisher, _dns, _remover) = (host.Links, host.Publisher, dns, host.Remover);
        _placement = new EndpointPlacement(table, pool, host.Departing);
        _attachment = new EndpointAttachment(thread, table, host.Links, host.Publisher, dns);
        _pairs = new LinkedPairs(thread, table, host, log);
    }

    /// <summary>
    /// Gives a container its sandbox; on the default bridge alone usually one made ahead (microseconds). A container has one at a time: what an
    /// earlier life left is released first. Its endpoints are being recorded meanwhile: <see cref="Sandbox.Recorded"/> has to be awaited before
    /// anything runs in it.
    /// </summary>
    /// <exception cref="EngineException">No such network, no address or bridge port left, or the kernel refused; then nothing is left.</exception>
    public async Task<Sandbox> TakeAsync(string containerId, SandboxRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested(); // or one who gave up would get what happens to be ready
        List<(Network Network, EndpointRequest Request)> places = [.. request.Endpoints.Select(e => (Checked(_table.Get(e.Network)), e)).Where(p => p.Item1.Driver != NetworkDrivers.None)];
        await ReleaseAsync(containerId);
        EndpointRequest? onDefault = places.FirstOrDefault(p => p.Network.IsPredefined).Request;
        bool ahead = onDefault is { IsPlain: true };
        PreparedSandbox prepared = await _pool.TakeAsync(ahead, ahead ? onDefault!.MacAddress : null, cancel);
        Task recorded = Task.CompletedTask;
        IReadOnlyList<ReservedPort> ports = [];
        try
        {
            List<PlacedEndpoint> others = await PlaceAsync(containerId, places, prepared);
            ports = await ReserveAsync(containerId, request);
            IReadOnlyList<Endpoint> all = _table.OfContainer(containerId);

            // Not the caller's token: from here on the links are the container's until it is released.
            recorded = all.Count == 0 ? Task.CompletedTask : InsertAsync(all);
            if (others.Count > 0 || ports.Count > 0)
            {
                await _attachment.StartAsync(containerId, prepared.Namespace, others, request.Dns);
            }

            return new Sandbox(prepared.Namespace, all, ports, recorded);
        }
        catch
        {
            ports.ToList().ForEach(p => p.Dispose());
            prepared.Namespace.Dispose();
            await recorded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReleaseAsync(containerId);
            throw;
        }
    }

    /// <summary>Puts a container that runs onto one more network.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <param name="request">The place it wants.</param>
    /// <param name="dns">How names are answered to it.</param>
    /// <exception cref="EngineException">As for <see cref="TakeAsync"/>; then nothing is left.</exception>
    public async Task<Endpoint> ConnectAsync(string containerId, FileDescriptor space, EndpointRequest request, DnsSettings? dns)
    {
        PlacedEndpoint placed = await _placement.PlaceAsync(containerId, Checked(_table.Get(request.Network)), request);
        Task recorded = InsertAsync([placed.Endpoint]);
        try
        {
            await _attachment.ConnectAsync(containerId, space, placed, dns, recorded);
            return placed.Endpoint;
        }
        catch
        {
            await recorded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _placement.Undo(placed);
            await DeleteAsync([placed.Endpoint]);
            throw;
        }
    }

    /// <summary>Takes a container that runs off a network. It is not on it: no harm.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <param name="networkId">The network.</param>
    /// <returns>The place it had; null: none.</returns>
    public async Task<Endpoint?> DisconnectAsync(string containerId, FileDescriptor space, string networkId)
    {
        if (_table.OfContainer(containerId).FirstOrDefault(e => e.NetworkId == networkId) is not { } endpoint)
        {
            return null;
        }

        _table.Leave(endpoint);
        _dns.Withdraw(endpoint);
        _dns.Refresh(containerId);
        Task forgotten = DeleteAsync([endpoint]); // a daemon killed before the link went finds one without a row, and removes it

        // The way out moves first: a default route that goes with its interface would leave the container without one for a while.
        await _attachment.RouteAsync(containerId, space);
        await (endpoint.HostInterface is { } link ? _remover.RemoveAsync(link) : _thread.RunAsync(_ => _links.Detach(space, endpoint)));
        await forgotten;
        await _pairs.ForgetAsync([endpoint]);
        await _thread.RunAsync(host => FormerConnections.Forget(host, [endpoint]));
        _placement.Free(endpoint);
        return endpoint;
    }

    /// <summary>
    /// The container ended (or never started): its endpoints are forgotten, its links go, its addresses are free once they are gone. Nothing
    /// there: no harm. Rows go without being waited for: a daemon killed before finds that the container does not live.
    /// </summary>
    public async Task ReleaseAsync(string containerId)
    {
        IReadOnlyList<Endpoint> endpoints = _table.OfContainer(containerId);
        if (endpoints.Count == 0)
        {
            return;
        }

        foreach (Endpoint endpoint in endpoints)
        {
            _table.Leave(endpoint);
            _dns.Withdraw(endpoint);
        }

        await _dns.StopAsync(containerId);
        _ = DeleteAsync(endpoints);
        await _pairs.ForgetAsync(endpoints);
        Endpoint[] inside = [.. endpoints.Where(e => e.HostInterface is null)];
        await _thread.RunAsync(host =>
        {
            if (endpoints.Any(e => e.Ports.Count > 0))
            {
                _publisher.Translate(host, endpoints, []);
            }

            _links.Release(inside);
            FormerConnections.Forget(host, endpoints);
        });

        foreach (Endpoint endpoint in endpoints)
        {
            _placement.Depart(endpoint);
        }
    }

    /// <summary>Once after start: the containers that run or are paused keep their endpoints and are served again, all other endpoints are released.</summary>
    public async Task AdoptAsync(IReadOnlyCollection<LiveContainer> liveContainers, CancellationToken cancel)
    {
        HashSet<string> live = [.. liveContainers.Select(l => l.Id)];
        foreach (LiveContainer container in liveContainers)
        {
            await ServeAgainAsync(container);
        }

        foreach (string containerId in _table.All().Select(e => e.ContainerId).Distinct().Where(id => !live.Contains(id)).ToList())
        {
            cancel.ThrowIfCancellationRequested();
            await ReleaseAsync(containerId);
        }
    }

    /// <summary>Others call a container by other names from now on, as after a rename.</summary>
    public async Task RenameAsync(string containerId, Func<Endpoint, IReadOnlyList<string>> names, DnsSettings dns)
    {
        Endpoint[] renamed = [.. _table.OfContainer(containerId).Select(e => e with { Names = names(e) })];
        foreach (Endpoint endpoint in renamed)
        {
            _table.Replace(endpoint);
            if (_table.Find(endpoint.NetworkId) is { } network)
            {
                _dns.Announce(network, endpoint);
            }
        }

        _dns.Refresh(containerId, dns);
        await _database.WriteAsync(transaction => renamed.ToList().ForEach(e => EndpointRows.Update(transaction, e)), CancellationToken.None);
    }

    /// <summary>A container's places, in the order of its interfaces.</summary>
    public IReadOnlyList<Endpoint> Of(string containerId) => _table.OfContainer(containerId);

    /// <summary>Everybody on a network now.</summary>
    public IReadOnlyList<Endpoint> On(string networkId) => _table.OfNetwork(networkId);

    /// <summary>Whether containers on a network reach each other by links only.</summary>
    public bool KeepsApart(string networkId) => _pairs.KeepsApart(networkId);

    /// <summary>
    /// Opens ports between containers on networks that keep theirs apart, each pair's in place of what it had. They are shut when either leaves;
    /// a daemon's restart forgets them. Places that are there no longer are passed over.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public Task AllowAsync(IReadOnlyCollection<LinkedPorts> links) => _pairs.AllowAsync(links);

    private static Network Checked(Network network) => network switch
    {
        { Driver: NetworkDrivers.Host } => throw EngineException.Invalid("the network host needs no sandbox: the container shares the host's namespace"),
        { ConfigOnly: true } => throw new EngineException(EngineErrorKind.Forbidden, $"cannot create endpoint on configuration-only network: {network.Name} holds configuration for other networks"),
        _ => network,
    };

    private async Task ServeAgainAsync(LiveContainer container)
    {
        bool resolves = false;
        foreach (Endpoint endpoint in _table.OfContainer(container.Id))
        {
            if (_table.Find(endpoint.NetworkId) is { ResolvesNames: true } network)
            {
                resolves = true;
                _dns.Announce(network, endpoint);
            }
        }

        if (!resolves)
        {
            return;
        }

        try
        {
            using FileDescriptor space = FileDescriptor.Open(container.NamespacePath, Libc.O_RDONLY);
            _dns.Serve(container.Id, await _thread.RunAsync(host => host.Within(space, ResolverSockets.OpenAgain)), container.Dns);
        }
        catch (LinuxException e)
        {
            _log($"container {container.Dns.ContainerName} finds no names until it is started anew: {e.Message}");
        }
    }

    // On the default bridge the sandbox came with its place; answered are those whose interfaces have still to be made.
    private async Task<List<PlacedEndpoint>> PlaceAsync(string containerId, List<(Network Network, EndpointRequest Request)> places, PreparedSandbox prepared)
    {
        var others = new List<PlacedEndpoint>();
        if (prepared.Place is { } ready)
        {
            (Network network, EndpointRequest wanted) = places.First(p => p.Network.IsPredefined);
            _placement.TakePrepared(ready, containerId, network, wanted);
        }

        foreach ((Network network, EndpointRequest wanted) in places.Where(p => prepared.Place is null || !p.Network.IsPredefined))
        {
            others.Add(await _placement.PlaceAsync(containerId, network, wanted));
        }

        return others;
    }

    private async Task<IReadOnlyList<ReservedPort>> ReserveAsync(string containerId, SandboxRequest request)
    {
        if (request.Ports.Count == 0 || ContainerPorts.Leading(_table, _table.OfContainer(containerId)) is not { } leading)
        {
            return []; // a container without a way in, e.g. on internal networks only, has no ports, as with Docker
        }

        List<(PublishedPort Port, FileDescriptor? Socket)> taken =
            await _thread.RunAsync(host => _publisher.Reserve(host, containerId, request.Ports, ContainerPorts.PlaceOf(_table, leading)));
        Endpoint publishing = leading with { Ports = [.. taken.Select(t => t.Port)], ThroughHost = request.ThroughHost };
        _table.Replace(publishing);
        return [.. taken.Where(t => t.Port.OnHost).Select(t => new ReservedPort(PortRoute.Monitor(t.Port, publishing, ContainerPorts.KeepsApart(_table, publishing)), t.Socket))];
    }

    private Task InsertAsync(IReadOnlyList<Endpoint> endpoints) => _database.WriteAsync(
        transaction =>
        {
            foreach (Endpoint endpoint in endpoints)
            {
                EndpointRows.Insert(transaction, endpoint);
            }
        },
        CancellationToken.None);

    private async Task DeleteAsync(IReadOnlyList<Endpoint> endpoints)
    {
        try
        {
            await _database.WriteAsync(
                transaction =>
                {
                    foreach (Endpoint endpoint in endpoints)
                    {
                        EndpointRows.Delete(transaction, endpoint.Id);
                    }
                },
                CancellationToken.None);
        }
        catch (Exception e)
        {
            _log($"the rows of {endpoints.Count} endpoints of container {endpoints[0].ContainerId} stay until the next start: {e.Message}");
        }
    }
}
