using System.Collections.Concurrent;

using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Endpoints;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network;

/// <summary>
/// The daemon's networks. Opened in the network namespace that is the daemon's host; from then on no caller's thread matters.
/// Safe for concurrent use.
/// </summary>
public sealed class NetworkService : IAsyncDisposable
{
    private readonly BerthDatabase _database;
    private readonly Action<string> _log;
    private readonly NetworkThread _thread;
    private readonly SandboxPool _pool;
    private readonly Network _bridge;
    private readonly ConcurrentDictionary<string, Endpoint> _endpoints = new(StringComparer.Ordinal);

    private NetworkService(BerthDatabase database, Action<string> log, NetworkThread thread, SandboxPool pool, IReadOnlyList<Network> networks, IEnumerable<Endpoint> endpoints)
    {
        _database = database;
        _log = log;
        _thread = thread;
        _pool = pool;
        Networks = networks;
        _bridge = networks.Single(network => network.Driver == "bridge");
        foreach (Endpoint endpoint in endpoints)
        {
            _endpoints[endpoint.ContainerId] = endpoint;
        }
    }

    /// <summary>The predefined networks: bridge, host, none.</summary>
    public IReadOnlyList<Network> Networks { get; }

    /// <summary>
    /// Makes the host ready (bridge, firewall table, forwarding), removes what a killed daemon left without an owner, and starts
    /// making sandboxes ahead. Endpoints in the database are kept until <see cref="AdoptAsync"/> says who still lives.
    /// </summary>
    /// <exception cref="EngineException">The bridge's name or address cannot be used; the message says why and what to do.</exception>
    public static async Task<NetworkService> StartAsync(NetworkOptions options, BerthDatabase database, CancellationToken cancel)
    {
        var thread = new NetworkThread(options.HostNamespace, options.Log);
        try
        {
            await thread.Opened.WaitAsync(cancel);
            NetworkDocument? stored = database.Read(NetworkRows.StoredBridge);
            BridgeAddress? former = stored?.Bridge == options.BridgeName && BridgeAddress.TryParse(stored.Address ?? "", out BridgeAddress? kept) ? kept : null;
            HostNetworks found = await thread.RunAsync(static host => new HostNetworks(host.Routes.Links(), host.Routes.Addresses(), host.Routes.Routes()));
            List<Endpoint> endpoints = database.Read(EndpointRows.All);
            BridgePlan plan = BridgePlan.Choose(options, former, inUse: endpoints.Count > 0, found);
            List<Network> networks = await database.WriteAsync(transaction => NetworkRows.Ensure(transaction, plan), cancel);
            var pool = new SandboxPool(options, plan, thread.Wake);
            await thread.RunAsync(host => Prepare(host, thread, pool, plan, former, endpoints, options.Log));
            return new NetworkService(database, options.Log, thread, pool, networks, endpoints);
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    /// <summary>A network by name, id or unambiguous beginning of its id; null where there is none.</summary>
    public Network? Find(string nameOrId)
    {
        if (nameOrId == "default")
        {
            return _bridge;
        }

        Network? exact = Networks.FirstOrDefault(n => n.Name == nameOrId || n.Id == nameOrId);
        if (exact is not null || nameOrId.Length == 0)
        {
            return exact;
        }

        Network[] beginning = [.. Networks.Where(n => n.Id.StartsWith(nameOrId, StringComparison.Ordinal))];
        return beginning.Length == 1 ? beginning[0] : null;
    }

    /// <summary>
    /// Gives a container its sandbox, usually one made ahead (microseconds). A container has one at a time: what an earlier life left is
    /// released first. Its endpoint is being recorded meanwhile: <see cref="Sandbox.Recorded"/> has to be awaited before anything runs in it.
    /// </summary>
    /// <exception cref="EngineException">No such network, no address or bridge port left, or the kernel refused.</exception>
    public async Task<Sandbox> TakeAsync(string containerId, SandboxRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested(); // or one who gave up would get what happens to be ready
        Network network = Find(request.Network) ?? throw EngineException.NotFound($"network {request.Network} not found");
        if (network.Driver == "host")
        {
            throw EngineException.Invalid("the network host needs no sandbox: the container shares the host's namespace");
        }

        await ReleaseAsync(containerId);
        PreparedSandbox prepared = await _pool.TakeAsync(network.Driver == "bridge", request.MacAddress, cancel);
        string id = Random.Shared.GetHexString(64, lowercase: true);
        if (prepared.Place is not { } place)
        {
            return new Sandbox(id, prepared.Namespace, null, Task.CompletedTask);
        }

        Endpoint endpoint = EndpointAt(place, containerId);
        _endpoints[containerId] = endpoint;
        // Not the caller's token: from here on the link is the container's until it is released.
        Task recorded = _database.WriteAsync(transaction => EndpointRows.Insert(transaction, endpoint), CancellationToken.None);
        return new Sandbox(id, prepared.Namespace, endpoint, recorded);
    }

    /// <summary>
    /// The container ended (or never started): its endpoint is forgotten, its link goes with its namespace, its address is free once the kernel
    /// let go. No endpoint: no harm. The row goes without being waited for: a daemon killed before finds that the container does not live.
    /// </summary>
    public Task ReleaseAsync(string containerId)
    {
        if (_endpoints.TryRemove(containerId, out Endpoint? endpoint))
        {
            _ = DeleteAsync(endpoint);
            _pool.Release(endpoint.HostInterface);
        }

        return Task.CompletedTask;
    }

    /// <summary>Once after start: the containers that run or are paused keep their endpoints, all other endpoints are released.</summary>
    public async Task AdoptAsync(IReadOnlyCollection<string> liveContainers, CancellationToken cancel)
    {
        HashSet<string> live = [.. liveContainers];
        foreach (string containerId in _endpoints.Keys.Where(id => !live.Contains(id)))
        {
            cancel.ThrowIfCancellationRequested();
            await ReleaseAsync(containerId);
        }
    }

    /// <summary>The container's endpoint while it has one.</summary>
    public Endpoint? EndpointOf(string containerId) => _endpoints.GetValueOrDefault(containerId);

    /// <summary>Everybody on a network now.</summary>
    public IReadOnlyList<Endpoint> EndpointsOf(string networkId) => [.. _endpoints.Values.Where(endpoint => endpoint.NetworkId == networkId)];

    /// <summary>Stops making sandboxes and drops the ready ones. Bridge, firewall and live containers stay as they are.</summary>
    public ValueTask DisposeAsync()
    {
        _thread.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>On the network thread: the host's part of a start. Each step may have been done by an earlier daemon, wholly or half.</summary>
    private static bool Prepare(
        HostSockets host, NetworkThread thread, SandboxPool pool, BridgePlan plan, BridgeAddress? former, List<Endpoint> endpoints, Action<string> log)
    {
        // The rules come first: from its first moment no packet passes the bridge without them.
        host.Inside(() =>
        {
            HostBridge.EnableForwarding();
            WriteFirewall(plan, log);
            return true;
        });
        var maker = new SandboxMaker(host, plan);
        Link bridge = maker.EnsureBridge(former);
        HashSet<string> owned = [.. endpoints.Select(endpoint => endpoint.HostInterface)];
        HashSet<string> ports = [.. host.Routes.Links(bridge.Index).Where(link => link.Kind == "veth").Select(link => link.Name)];
        HostBridge.RemoveLinks(host.Routes, [.. ports.Except(owned)]);
        foreach (Endpoint endpoint in endpoints)
        {
            pool.Adopt(endpoint.HostInterface, endpoint.Address, ports.Contains(endpoint.HostInterface));
        }

        thread.Serve(pool, maker, plan);
        return true;
    }

    private static void WriteFirewall(BridgePlan plan, Action<string> log)
    {
        using NetlinkSocket firewall = NetlinkSocket.Open(Libc.NETLINK_NETFILTER);
        new NfTransaction().Replace(BridgeFirewall.Table(plan.Name, plan.Address.Subnet)).Commit(firewall);
        try
        {
            ForeignForward.Ensure(firewall, plan.Name);
        }
        catch (LinuxException e)
        {
            // Its owner may be changing it at this moment. Without it containers do not get out, but nobody gets in either.
            log($"containers of {plan.Name} may not reach the outside: the host's FORWARD chain drops, and no exception could be added: {e.Message}");
        }
    }

    private Endpoint EndpointAt(BridgePlace place, string containerId) => new()
    {
        Id = Random.Shared.GetHexString(64, lowercase: true),
        NetworkId = _bridge.Id,
        ContainerId = containerId,
        Address = place.Address,
        PrefixLength = _bridge.Subnet!.Value.PrefixLength,
        Gateway = _bridge.Gateway!,
        MacAddress = place.MacAddress,
        HostInterface = place.HostInterface,
    };

    private async Task DeleteAsync(Endpoint endpoint)
    {
        try
        {
            await _database.WriteAsync(transaction => EndpointRows.Delete(transaction, endpoint.Id), CancellationToken.None);
        }
        catch (Exception e)
        {
            _log($"the row of endpoint {endpoint.Id} stays until the next start: {e.Message}");
        }
    }
}
