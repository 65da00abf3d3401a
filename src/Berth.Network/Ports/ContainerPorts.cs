using Berth.Linux.Files;
using Berth.Network.Endpoints;
using Berth.Network.Networks;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network;

/// <summary>
/// Published ports of containers that run: they come and go without a restart, and move when another of the container's networks leads out of it.
/// Connections that stand are not touched by any of it.
/// </summary>
public sealed class ContainerPorts
{
    private readonly BerthDatabase _database;
    private readonly NetworkThread _thread;
    private readonly NetworkTable _table;
    private readonly PortPublisher _publisher;

    internal ContainerPorts(BerthDatabase database, NetworkThread thread, NetworkTable table, PortPublisher publisher) =>
        (_database, _thread, _table, _publisher) = (database, thread, table, publisher);

    /// <summary>The host's ports that lead to a container.</summary>
    public IReadOnlyList<PublishedPort> Of(string containerId) => [.. _table.OfContainer(containerId).SelectMany(e => e.Ports)];

    /// <summary>Whether the container is on a network that ports can be published for.</summary>
    public bool CanPublish(string containerId) => Leading(containerId) is not null;

    /// <summary>Publishes further ports of a container: reserved, recorded, translated.</summary>
    /// <returns>What its monitor is to hold.</returns>
    /// <exception cref="EngineException">Conflict: a port is taken, and by whom; or no network leads to the container. Then nothing was changed.</exception>
    public async Task<PortChange> AddAsync(string containerId, IReadOnlyList<PortRequest> requests, bool throughHost)
    {
        Endpoint holder = Leading(containerId)
            ?? throw EngineException.Conflict("the container is on no network that ports can be published for: connect it to a bridge network that is not internal");
        List<(PublishedPort Port, FileDescriptor? Socket)> taken =
            await _thread.RunAsync(host => _publisher.Reserve(host, containerId, requests, PlaceOf(_table, holder)));

        // The policy is the place's: with ports there already, theirs stands.
        Endpoint changed = holder with { Ports = [.. holder.Ports.Union(taken.Select(t => t.Port))], ThroughHost = holder.Ports.Count > 0 ? holder.ThroughHost : throughHost };
        var change = new PortChange([.. taken.Where(t => t.Port.OnHost).Select(t => new ReservedPort(PortRoute.Monitor(t.Port, changed, KeepsApart(_table, changed)), t.Socket))], []);
        try
        {
            await SetAsync([holder], [changed]);
            return change;
        }
        catch
        {
            change.Dispose();
            await _thread.RunAsync(_ => _publisher.Release(containerId, taken.Select(t => t.Port)));
            throw;
        }
    }

    /// <summary>Takes ports back; those that are not there are no error.</summary>
    /// <returns>What its monitor need not hold any more.</returns>
    public async Task<PortChange> RemoveAsync(string containerId, Func<PublishedPort, bool> which)
    {
        Endpoint[] before = [.. _table.OfContainer(containerId).Where(e => e.Ports.Any(which))];
        PublishedPort[] going = [.. before.SelectMany(e => e.Ports.Where(which))];
        await SetAsync(before, [.. before.Select(e => e with { Ports = [.. e.Ports.Where(p => !which(p))] })]);
        return new PortChange([], Keys(going));
    }

    /// <summary>After a container came onto a network or left one: its ports lead to where its way out is.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="left">A place it does not have any more, with the ports that led there.</param>
    /// <returns>What its monitor has to be told.</returns>
    public async Task<PortChange> MoveAsync(string containerId, Endpoint? left)
    {
        PortChange change = await MovedAsync(containerId, left);
        if (left is { Ports.Count: > 0 })
        {
            // Until now its ports led there: a packet that came meanwhile is a connection to nobody.
            await _thread.RunAsync(host => FormerConnections.Forget(host, [left]));
        }

        return change;
    }

    private async Task<PortChange> MovedAsync(string containerId, Endpoint? left)
    {
        Endpoint? holder = left is { Ports.Count: > 0 } ? left : _table.OfContainer(containerId).FirstOrDefault(e => e.Ports.Count > 0);
        Endpoint? leading = Leading(containerId);
        if (holder is null || holder.Id == leading?.Id)
        {
            return new PortChange([], []);
        }

        if (leading is null)
        {
            await _thread.RunAsync(host => _publisher.Translate(host, [holder], []));
            return new PortChange([], Keys(holder.Ports));
        }

        if (PlaceOf(_table, holder).Routed != PlaceOf(_table, leading).Routed)
        {
            await SetAsync([holder], holder.Id == left?.Id ? [] : [holder with { Ports = [] }]); // chosen anew: there a port of the host may be none
            return new PortChange([], Keys(holder.Ports));
        }

        Endpoint arrived = leading with { Ports = holder.Ports, ThroughHost = holder.ThroughHost };
        await SetAsync([holder], holder.Id == left?.Id ? [arrived] : [holder with { Ports = [] }, arrived]);
        return new PortChange([.. arrived.Ports.Where(p => p.OnHost).Select(p => new ReservedPort(PortRoute.Monitor(p, arrived, KeepsApart(_table, arrived)), null))], []);
    }

    /// <summary>The place that ports are published for: where the way out is, on a bridge.</summary>
    internal static Endpoint? Leading(NetworkTable table, IReadOnlyList<Endpoint> endpoints)
    {
        GatewayChoice choice = GatewayChoice.Of(endpoints.Select(e => (Network: table.Find(e.NetworkId), Endpoint: e))
            .Where(p => p.Network?.Driver == NetworkDrivers.Bridge).Select(p => (p.Network!, p.Endpoint)));
        return choice.Ipv4 ?? choice.Ipv6;
    }

    internal static PublishingPlace PlaceOf(NetworkTable table, Endpoint endpoint) => table.Find(endpoint.NetworkId) is { } network
        ? new PublishingPlace(BridgeOptions.Parse(network.Options).HostBinding, RoutedFamilies.Of(network))
        : default;

    /// <summary>A place on a network whose containers do not reach each other.</summary>
    internal static bool KeepsApart(NetworkTable table, Endpoint endpoint) =>
        table.Find(endpoint.NetworkId) is { } network && !BridgeOptions.Parse(network.Options).InterContainer;

    private Endpoint? Leading(string containerId) => Leading(_table, _table.OfContainer(containerId));

    private static MonitorPortKey[] Keys(IEnumerable<PublishedPort> ports) => [.. ports.Where(p => p.OnHost).Select(PortRoute.Key)];

    private async Task SetAsync(IReadOnlyList<Endpoint> before, IReadOnlyList<Endpoint> after)
    {
        if (before.Count + after.Count == 0)
        {
            return;
        }

        await _database.WriteAsync(
            transaction =>
            {
                foreach (Endpoint endpoint in after)
                {
                    EndpointRows.Update(transaction, endpoint);
                }
            },
            CancellationToken.None);
        await _thread.RunAsync(host => _publisher.Translate(host, before, after));
        foreach (Endpoint endpoint in after)
        {
            _table.Replace(endpoint);
        }
    }
}
