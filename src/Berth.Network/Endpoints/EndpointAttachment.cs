using Berth.Linux.Files;
using Berth.Network.Dns;
using Berth.Network.Networks;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;

namespace Berth.Network.Endpoints;

/// <summary>
/// Makes the places of a container real: its interfaces, its way out, its ports' translations, and the embedded DNS where one of its networks
/// has names. For a container that starts and for one that runs. Safe for concurrent use; the kernel's part is done on the network thread.
/// </summary>
internal sealed class EndpointAttachment(NetworkThread thread, NetworkTable table, EndpointLinks links, PortPublisher publisher, ContainerDns dns)
{
    /// <summary>Puts a container that has not started yet onto its networks, with the ports that its endpoints have.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <param name="places">Those whose interfaces have to be made; all its endpoints are in the table.</param>
    /// <param name="names">How names are answered to it; null: not at all.</param>
    public async Task StartAsync(string containerId, FileDescriptor space, IReadOnlyList<PlacedEndpoint> places, DnsSettings? names)
    {
        Func<ResolverSockets>? open = Resolves(places, names) ? ResolverSockets.Open : null;
        await AttachAsync(containerId, space, places, names, open, publishes: true);
        Announce(places);
    }

    /// <summary>Puts a container that runs onto one more network.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <param name="place">The place, which is in the table.</param>
    /// <param name="names">How names are answered to it; null: not at all.</param>
    /// <param name="recorded">Its row: nobody finds the container there before.</param>
    public async Task ConnectAsync(string containerId, FileDescriptor space, PlacedEndpoint place, DnsSettings? names, Task recorded)
    {
        // Its first network with names may be this one; and an earlier daemon may have served it, whose rules stand.
        Func<ResolverSockets>? open = Resolves([place], names) && !dns.IsServed(containerId) ? ResolverSockets.OpenAgain : null;
        await AttachAsync(containerId, space, [place], names, open, publishes: false); // its ports stay where its way out was: ContainerPorts moves them
        await recorded;
        Announce([place]);
        dns.Refresh(containerId, names);
    }

    /// <summary>The container's way out is by the networks that it is on now.</summary>
    public Task RouteAsync(string containerId, FileDescriptor space) => thread.RunAsync(_ => Route(space, table.OfContainer(containerId), alone: false));

    private static bool Resolves(IReadOnlyList<PlacedEndpoint> places, DnsSettings? names) => names is not null && places.Any(p => p.Network.ResolvesNames);

    private async Task AttachAsync(
        string containerId, FileDescriptor space, IReadOnlyList<PlacedEndpoint> places, DnsSettings? names, Func<ResolverSockets>? open, bool publishes)
    {
        IReadOnlyList<Endpoint> all = table.OfContainer(containerId);
        ResolverSockets? resolver = await thread.RunAsync(host =>
        {
            Attach(space, places, all);
            publisher.Translate(host, [], publishes ? all : []);
            return open is null ? null : host.Within(space, open);
        });
        if (resolver is not null)
        {
            dns.Serve(containerId, resolver, names!);
        }
    }

    private void Attach(FileDescriptor space, IReadOnlyList<PlacedEndpoint> places, IReadOnlyList<Endpoint> all)
    {
        foreach (PlacedEndpoint place in places)
        {
            links.Attach(space, place.Network, place.Endpoint);
        }

        try
        {
            Route(space, all, alone: all.Count == 1);
        }
        catch
        {
            // A container that changes its own addresses meanwhile can make a gateway unreachable: then it is not on the network at all.
            foreach (PlacedEndpoint place in places)
            {
                links.Detach(space, place.Endpoint);
            }

            throw;
        }
    }

    private void Announce(IReadOnlyList<PlacedEndpoint> places)
    {
        foreach (PlacedEndpoint place in places)
        {
            dns.Announce(place.Network, place.Endpoint);
        }
    }

    // Alone on its first network all goes one way, and nothing else is looked at.
    private void Route(FileDescriptor space, IReadOnlyList<Endpoint> all, bool alone)
    {
        GatewayChoice choice = Choice(all);
        links.Route(space, choice, alone ? null : [.. AnswerPath.Of(choice, ContainerPorts.Leading(table, all))]);
    }

    private GatewayChoice Choice(IReadOnlyList<Endpoint> endpoints) =>
        GatewayChoice.Of(endpoints.Select(e => (Network: table.Find(e.NetworkId), Endpoint: e)).Where(p => p.Network is not null).Select(p => (p.Network!, p.Endpoint)));
}
