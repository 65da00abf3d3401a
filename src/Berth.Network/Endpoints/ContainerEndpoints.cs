using Berth.Linux.Files;
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
    private readonly PortPublisher _publisher;

    internal ContainerEndpoints(BerthDatabase database, Action<string> log, NetworkThread thread, SandboxPool pool, NetworkTable table, HostNetworking host)
    {
        (_database, _log, _thread, _pool, _table, _links, _publisher) = (database, log, thread, pool, table, host.Links, host.Publisher);
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
        PreparedSandbox prepared = await _pool.TakeAsync(onDefault is not null, onDefault?.MacAddress, cancel);
        Task recorded = Task.CompletedTask;
        IReadOnlyList<ReservedPort> ports = [];
        try
        {
            if (prepared.Place is { } place)
            {
                _table.Add(OnDefault(place, containerId, onDefault!), adopted: false);
            }

            List<(Network Network, Endpoint Endpoint)> others =
                [.. places.Where(p => !p.Network.IsPredefined).Select(p => (p.Network, _table.Place(containerId, p.Network, p.Request)))];
            ports = await ReserveAsync(containerId, request);
            IReadOnlyList<Endpoint> all = _table.OfContainer(containerId);

            // Not the caller's token: from here on the links are the container's until it is released.
            recorded = all.Count == 0 ? Task.CompletedTask : _database.WriteAsync(transaction => Insert(transaction, all), CancellationToken.None);
            if (others.Count > 0 || ports.Count > 0)
            {
                await _thread.RunAsync(host =>
                {
                    Attach(prepared.Namespace, others, all);
                    _publisher.Translate(host, [], all);
                });
            }

            return new Sandbox(Random.Shared.GetHexString(64, lowercase: true), prepared.Namespace, all, ports, recorded);
        }
        catch
        {
            foreach (ReservedPort port in ports)
            {
                port.Dispose();
            }

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
    /// <exception cref="EngineException">As for <see cref="TakeAsync"/>; then nothing is left.</exception>
    public async Task<Endpoint> ConnectAsync(string containerId, FileDescriptor space, EndpointRequest request)
    {
        Network network = Checked(_table.Get(request.Network));
        BridgePlace? place = network.IsPredefined ? _pool.Place(request.MacAddress) ?? throw EngineException.Unavailable(_pool.Full) : null;
        Endpoint endpoint;
        try
        {
            endpoint = place is null ? _table.Place(containerId, network, request) : Placed(place, containerId, network, request);
        }
        catch
        {
            if (place is not null)
            {
                _pool.Undo(place);
            }

            throw;
        }

        try
        {
            await _database.WriteAsync(transaction => Insert(transaction, [endpoint]), CancellationToken.None);
            await _thread.RunAsync(_ => Attach(space, [(network, endpoint)], _table.OfContainer(containerId)));
            return endpoint;
        }
        catch
        {
            _table.Leave(endpoint);
            if (place is null)
            {
                _table.Free(endpoint);
            }
            else
            {
                _pool.Undo(place);
            }

            await DeleteAsync([endpoint]);
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
        await _thread.RunAsync(_ =>
        {
            _links.Detach(space, endpoint);
            _links.Route(space, Choice(_table.OfContainer(containerId)));
        });
        await DeleteAsync([endpoint]);
        GiveBack(endpoint);
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
        }

        _ = DeleteAsync(endpoints);
        Endpoint[] others = [.. endpoints.Where(e => !IsOnDefault(e))];
        foreach (Endpoint endpoint in endpoints.Except(others))
        {
            _pool.Release(endpoint.HostInterface!);
        }

        if (others.Length > 0 || endpoints.Any(e => e.Ports.Count > 0))
        {
            // The kernel would take them with the namespace, some time later: but whoever asked for an address by name may have it back now.
            await _thread.RunAsync(host =>
            {
                _publisher.Translate(host, endpoints, []);
                _publisher.Release(containerId, endpoints.SelectMany(e => e.Ports));
                _links.Release(others);
            });
            foreach (Endpoint endpoint in others)
            {
                _table.Free(endpoint);
            }
        }
    }

    /// <summary>Once after start: the containers that run or are paused keep their endpoints, all other endpoints are released.</summary>
    public async Task AdoptAsync(IReadOnlyCollection<string> liveContainers, CancellationToken cancel)
    {
        HashSet<string> live = [.. liveContainers];
        foreach (string containerId in _table.All().Select(e => e.ContainerId).Distinct().Where(id => !live.Contains(id)).ToList())
        {
            cancel.ThrowIfCancellationRequested();
            await ReleaseAsync(containerId);
        }
    }

    /// <summary>A container's places, in the order of its interfaces.</summary>
    public IReadOnlyList<Endpoint> Of(string containerId) => _table.OfContainer(containerId);

    /// <summary>Everybody on a network now.</summary>
    public IReadOnlyList<Endpoint> On(string networkId) => _table.OfNetwork(networkId);

    private static Network Checked(Network network) => network switch
    {
        { Driver: NetworkDrivers.Host } => throw EngineException.Invalid("the network host needs no sandbox: the container shares the host's namespace"),
        { ConfigOnly: true } => throw EngineException.Invalid($"network {network.Name} holds configuration for other networks only: no container can be on it"),
        _ => network,
    };

    private static void Insert(Transaction transaction, IReadOnlyList<Endpoint> endpoints)
    {
        foreach (Endpoint endpoint in endpoints)
        {
            EndpointRows.Insert(transaction, endpoint);
        }
    }

    private async Task<IReadOnlyList<ReservedPort>> ReserveAsync(string containerId, SandboxRequest request)
    {
        if (request.Ports.Count == 0 || ContainerPorts.Leading(_table, _table.OfContainer(containerId)) is not { } leading)
        {
            return []; // a container without a way in, e.g. on internal networks only, has no ports, as with Docker
        }

        List<(PublishedPort Port, FileDescriptor? Socket)> taken =
            await _thread.RunAsync(host => _publisher.Reserve(host, containerId, request.Ports, ContainerPorts.DefaultAddress(_table, leading)));
        Endpoint publishing = leading with { Ports = [.. taken.Select(t => t.Port)], ThroughHost = request.ThroughHost };
        _table.Replace(publishing);
        return [.. taken.Select(t => new ReservedPort(PortRoute.Monitor(t.Port, publishing), t.Socket))];
    }

    private Endpoint Placed(BridgePlace place, string containerId, Network network, EndpointRequest request)
    {
        List<Endpoint> own = _table.Check(containerId, network);
        Endpoint endpoint = OnDefault(place, containerId, request) with { Interface = EndpointShape.InterfaceName(own, network, request.Interface) };
        _table.Add(endpoint, adopted: false);
        return endpoint;
    }

    private Endpoint OnDefault(BridgePlace place, string containerId, EndpointRequest request)
    {
        Network network = _table.Get("bridge");
        return EndpointShape.Of(containerId, network, request, "eth0", place.HostInterface) with
        {
            Address = place.Address,
            PrefixLength = network.Subnets[0].Subnet.PrefixLength,
            Gateway = network.Subnets[0].Gateway,
            MacAddress = place.MacAddress,
        };
    }

    private bool IsOnDefault(Endpoint endpoint) => _table.Find("bridge")?.Id == endpoint.NetworkId;

    private void Attach(FileDescriptor space, IReadOnlyList<(Network Network, Endpoint Endpoint)> places, IReadOnlyList<Endpoint> all)
    {
        foreach ((Network network, Endpoint endpoint) in places)
        {
            _links.Attach(space, network, endpoint);
        }

        _links.Route(space, Choice(all));
    }

    private GatewayChoice Choice(IReadOnlyList<Endpoint> endpoints) =>
        GatewayChoice.Of(endpoints.Select(e => (Network: _table.Find(e.NetworkId), Endpoint: e)).Where(p => p.Network is not null).Select(p => (p.Network!, p.Endpoint)));

    private void GiveBack(Endpoint endpoint)
    {
        if (IsOnDefault(endpoint))
        {
            _pool.Release(endpoint.HostInterface!);
        }
        else
        {
            _table.Free(endpoint);
        }
    }

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
