using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Dns;
using Berth.Network.Endpoints;
using Berth.Network.Firewall;
using Berth.Network.Firewall.Firewalld;
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
    private static readonly TimeSpan FirewalldPatience = TimeSpan.FromSeconds(5);

    private readonly NetworkOptions _options;
    private readonly BerthDatabase _database;
    private readonly NetworkThread _thread;
    private readonly NetworkTable _table;
    private readonly BridgeSet _bridges;
    private readonly FirewallKeeper _firewall;
    private readonly ContainerDns _dns;
    private readonly ParentLinks _parents;
    private readonly FirewalldZones _zones;
    private readonly SemaphoreSlim _changing = new(1, 1); // one network is made or removed at a time
    private StartTraces? _before;

    private NetworkService(NetworkOptions options, BerthDatabase database, NetworkThread thread, NetworkTable table, HostNetworking host, SandboxPool pool, FirewalldZones zones)
    {
        _zones = zones;
        (_options, _database, _thread, _table, _bridges, _firewall, _parents) = (options, database, thread, table, host.Bridges, host.Firewall, host.Parents);
        _dns = new ContainerDns(options, table, thread, host.Firewall);
        Endpoints = new ContainerEndpoints(database, options.Log, thread, pool, table, host, _dns);
        Ports = new ContainerPorts(database, thread, table, host.Publisher);
        Observer = new NetworkObserver(thread, options.BridgeName);
    }

    /// <summary>All networks: bridge, host and none, then those that were made.</summary>
    public IReadOnlyList<Network> Networks => _table.Networks;

    /// <summary>Containers on networks.</summary>
    public ContainerEndpoints Endpoints { get; }

    /// <summary>The host's ports that lead to them.</summary>
    public ContainerPorts Ports { get; }

    /// <summary>What the kernel says about all that.</summary>
    public NetworkObserver Observer { get; }

    /// <summary>
    /// Makes the host ready (firewall table, forwarding, bridges), removes what a killed daemon left without an owner, and starts making
    /// sandboxes ahead. Endpoints in the database are kept until <see cref="ContainerEndpoints.AdoptAsync"/> says who still lives.
    /// </summary>
    /// <exception cref="EngineException">The default bridge's name or address cannot be used; the message says why and what to do.</exception>
    public static async Task<NetworkService> StartAsync(NetworkOptions options, BerthDatabase database, CancellationToken cancel)
    {
        var thread = new NetworkThread(options);
        var zones = new FirewalldZones(options.SystemBus, options.Log);
        try
        {
            await thread.Opened.WaitAsync(cancel);
            NetworkDocument? stored = database.Read(NetworkRows.StoredBridge);
            BridgeAddress? former = stored?.Bridge == options.BridgeName && BridgeAddress.TryParse(stored.Address ?? "", out BridgeAddress? kept) ? kept : null;
            BridgeAddress? former6 = stored?.Bridge == options.BridgeName && BridgeAddress.TryParseIpv6(stored.Ipv6Address ?? "", out BridgeAddress? kept6) ? kept6 : null;
            IReadOnlyList<FormerBridge> leftovers = FormerBridge.Of(stored, [options.BridgeName, .. stored is null ? [] : database.Read(NetworkRows.MadeBridges)]);
            List<Endpoint> endpoints = database.Read(EndpointRows.All);
            HashSet<string> owned = [.. endpoints.Select(e => e.HostInterface).OfType<string>()];
            HostNetworks found = (await FoundAsync(thread)).Without(leftovers, owned);
            string? defaultId = database.Read(NetworkRows.DefaultId);

            // Those whose links stand: after a reboot nobody lives there any more, whatever the rows say until it is known who does.
            Endpoint[] onBridge = [.. endpoints.Where(e => e.NetworkId == defaultId && found.Links.Any(l => l.Name == e.HostInterface))];
            BridgePlan plan = BridgePlan.Choose(
                options, former, inUse: onBridge.Length > 0, found, former6, database.Read(NetworkRows.MadeSubnets), ipv6InUse: onBridge.Any(e => e.Ipv6Address is not null),
                stored?.Bridge == options.BridgeName ? stored : null) with { Former = leftovers };
            if (plan.Later is { } later)
            {
                options.Log($"containers run on the default bridge, so it keeps {plan.Address}{(plan.Ipv6Address is { } six ? $" and {six}" : "")}; {later} comes with the first start of berthd without any: stop them, then restart it");
            }

            var table = new NetworkTable(await database.WriteAsync(transaction => NetworkRows.Ensure(transaction, plan), cancel));
            var pool = new SandboxPool(options, plan, thread.Wake);
            StartTraces before = await thread.RunAsync(sockets => StartTraces.Of(sockets, options.BridgeName));
            HostNetworking host = await thread.RunAsync(sockets => before.UndoUnless(
                sockets,
                table.Networks,
                options,
                () => HostNetworking.Prepare(sockets, thread, pool, plan, [.. new[] { former, former6 }.OfType<BridgeAddress>()], table, endpoints, options, zones)));
            if (leftovers.Count > 0) // not before all stands: a start that fails changes nothing
            {
                IReadOnlyList<FormerBridge> staying = await thread.RunAsync(sockets => FormerBridges.Remove(sockets, leftovers, owned, options.Log));
                await database.WriteAsync(transaction => NetworkRows.Ensure(transaction, plan with { Former = staying }), cancel);
            }

            await SettleAsync(zones);
            return new NetworkService(options, database, thread, table, host, pool, zones) { _before = before };
        }
        catch
        {
            thread.Dispose();
            await zones.DisposeAsync();
            throw;
        }
    }

    /// <summary>A network by name, id or unambiguous beginning of its id; null where there is none.</summary>
    public Network? Find(string nameOrId) => _table.Find(nameOrId);

    /// <summary>Makes a network: its row first, then bridge and rules, which a later start would make up for.</summary>
    /// <param name="definition">As asked for.</param>
    /// <param name="tell">What belongs into the same transaction: its event.</param>
    /// <param name="cancel">Honoured until the row is written.</param>
    /// <exception cref="EngineException">What is wrong with it, or why the kernel refused; then nothing is left.</exception>
    public async Task<Network> CreateAsync(NetworkDefinition definition, Action<Transaction, Network> tell, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            var planner = new NetworkPlanner(_options, _table.Networks, await FoundAsync(_thread));
            Network network = planner.Plan(definition, Random.Shared.GetHexString(64, lowercase: true), DateTimeOffset.UtcNow);
            await _database.WriteAsync(
                transaction =>
                {
                    if (!NetworkRows.TryInsert(transaction, network))
                    {
                        throw EngineException.Conflict($"network with name {network.Name} already exists");
                    }

                    tell(transaction, network);
                },
                CancellationToken.None);
            try
            {
                await _thread.RunAsync(host => Raise(host, network));
                await SettleAsync(_zones);
            }
            catch
            {
                await _thread.RunAsync(_ => Lower(network));
                await _database.WriteAsync(transaction => NetworkRows.Delete(transaction, network.Id), CancellationToken.None);
                throw;
            }

            _table.Add(network);
            return network;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a network that nobody is on: bridge and rules first, then the row, so that a crash leaves a network or none.</summary>
    /// <returns>Who is on it, and then nothing was done; empty: it is gone.</returns>
    /// <exception cref="EngineException">Forbidden: it is predefined, or others are configured from it.</exception>
    public async Task<IReadOnlyList<Endpoint>> RemoveAsync(Network network, Action<Transaction, Network> tell, CancellationToken cancel)
    {
        if (network.IsPredefined)
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"{network.Name} is a pre-defined network and cannot be removed");
        }

        await _changing.WaitAsync(cancel);
        try
        {
            if (_table.Networks.FirstOrDefault(n => n.ConfigFrom == network.Name && network.ConfigOnly) is { } user)
            {
                throw new EngineException(EngineErrorKind.Forbidden, $"error while removing network: configuration network \"{network.Name}\" is in use by network {user.Name}");
            }

            IReadOnlyList<Endpoint> present = _table.Remove(network);
            if (present.Count > 0)
            {
                return present;
            }

            try
            {
                await _thread.RunAsync(_ => Lower(network));
                await _database.WriteAsync(
                    transaction =>
                    {
                        NetworkRows.Delete(transaction, network.Id);
                        tell(transaction, network);
                    },
                    CancellationToken.None);
                _dns.Forget(network);
                return [];
            }
            catch
            {
                _table.Add(network);
                throw;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What is to be said about a port published with the policy "open" that the host's own firewall denies on input; null: nothing.</summary>
    public Task<string?> WarningForAsync(PublishedPort port) => _thread.RunAsync(_ =>
    {
        try
        {
            return _firewall.WarningFor(port);
        }
        catch (LinuxException)
        {
            return null; // somebody is changing those rules at this moment
        }
    });

    /// <summary>Stops making sandboxes and drops the ready ones. Bridges, firewall and live containers stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _thread.Dispose();
        await _zones.DisposeAsync();
        _changing.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for a daemon that cannot start after all: what this start made on the host goes, unless containers of an earlier one live on it.</summary>
    public async ValueTask AbandonAsync()
    {
        if (_table.All().Count == 0)
        {
            _thread.AtEnd(host => _before?.Undo(host, _table.Networks, _options));
        }

        await DisposeAsync();
    }

    // The first container would not reach the outside yet. firewalld that is busy for longer is not waited for.
    private static Task SettleAsync(FirewalldZones zones) => zones.Settled is { IsCompleted: false } settled ? Task.WhenAny(settled, Task.Delay(FirewalldPatience)) : Task.CompletedTask;

    private static Task<HostNetworks> FoundAsync(NetworkThread thread) =>
        thread.RunAsync(static host => new HostNetworks(host.Routes.Links(), host.Routes.Addresses(), host.Routes.Routes()));

    private void Raise(HostSockets host, Network network)
    {
        if (network.Bridge is null)
        {
            if (network is { Driver: NetworkDrivers.Macvlan or NetworkDrivers.Ipvlan, ConfigOnly: false })
            {
                _parents.Ensure(network);
            }

            return;
        }

        // The rules come first: from its first moment no packet passes the bridge without them.
        _firewall.AddNetwork(FirewalledNetwork.Of(network));
        if (network.EnableIpv6)
        {
            host.Inside(HostBridge.EnableIpv6Forwarding);
        }

        _bridges.Ensure(BridgeShape.Of(network));
    }

    private void Lower(Network network)
    {
        if (network.Bridge is { } bridge)
        {
            _bridges.Remove(BridgeShape.Of(network));
            _firewall.RemoveNetwork(bridge);
        }

        _parents.Remove(network);
    }
}
