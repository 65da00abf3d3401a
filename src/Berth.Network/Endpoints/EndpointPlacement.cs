using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Endpoints;

/// <summary>
/// Where endpoints get their addresses and interfaces' names from, and give them back to: the default bridge's from the pool of prepared
/// sandboxes, all others' from their network. Nothing here touches the kernel. Safe for concurrent use.
/// </summary>
internal sealed class EndpointPlacement(NetworkTable table, SandboxPool pool, DepartingEndpoints departing)
{
    /// <summary>A place of a container that has its namespace already.</summary>
    /// <exception cref="EngineException">Unavailable: no address is left. Forbidden: it is on that network. Else as for <see cref="NetworkTable.Place"/>.</exception>
    public async Task<PlacedEndpoint> PlaceAsync(string containerId, Network network, EndpointRequest request)
    {
        if (!network.IsPredefined)
        {
            return new PlacedEndpoint(network, await PlaceOnOtherAsync(containerId, network, request), null);
        }

        BridgePlace place = pool.Place(request.MacAddress) ?? throw EngineException.Unavailable(pool.Full);
        try
        {
            string name = EndpointShape.InterfaceName(table.Check(containerId, network), network, request.Options.Interface);
            return Take(place, containerId, network, request, name);
        }
        catch
        {
            pool.Undo(place);
            throw;
        }
    }

    /// <summary>The place of a sandbox that was prepared on the default bridge: its interface is there.</summary>
    public void TakePrepared(BridgePlace place, string containerId, Network network, EndpointRequest request) =>
        Take(place, containerId, network, request, "eth0");

    /// <summary>A place whose interface could not be made: nobody has been on it.</summary>
    public void Undo(PlacedEndpoint placed)
    {
        table.Leave(placed.Endpoint);
        if (placed.OnBridge is { } place)
        {
            pool.Undo(place);
        }
        else
        {
            table.Free(placed.Endpoint);
        }
    }

    /// <summary>Gives back what an endpoint had whose interface is gone.</summary>
    public void Free(Endpoint endpoint)
    {
        if (IsOnDefault(endpoint))
        {
            pool.Release(endpoint.HostInterface!);
        }
        else
        {
            table.Free(endpoint);
        }
    }

    /// <summary>Gives back what an endpoint had, as soon as its interface is gone.</summary>
    public void Depart(Endpoint endpoint)
    {
        if (IsOnDefault(endpoint))
        {
            pool.Release(endpoint.HostInterface!);
        }
        else
        {
            departing.Add(endpoint);
        }
    }

    private bool IsOnDefault(Endpoint endpoint) => table.Find("bridge")?.Id == endpoint.NetworkId;

    // An address that was asked for, or the last one, may be that of a container which is just leaving.
    private async Task<Endpoint> PlaceOnOtherAsync(string containerId, Network network, EndpointRequest request)
    {
        Task? leaving = departing.Of(network.Id);
        try
        {
            return table.Place(containerId, network, request);
        }
        catch (EngineException e) when (leaving is not null && e.Kind is (EngineErrorKind.Conflict or EngineErrorKind.Unavailable))
        {
            await leaving;
            return table.Place(containerId, network, request);
        }
    }

    private PlacedEndpoint Take(BridgePlace place, string containerId, Network network, EndpointRequest request, string interfaceName)
    {
        Endpoint endpoint = EndpointShape.Of(containerId, network, request, interfaceName, place.HostInterface) with
        {
            Address = place.Address,
            PrefixLength = network.Subnets[0].Subnet.PrefixLength,
            Gateway = network.Subnets[0].WayOut,
            Ipv6Address = place.Ipv6Address,
            Ipv6PrefixLength = place.Ipv6Address is null ? 0 : network.Subnets[1].Subnet.PrefixLength,
            Ipv6Gateway = place.Ipv6Address is null ? null : network.Subnets[1].WayOut,
            MacAddress = place.MacAddress,
        };
        table.Add(endpoint, adopted: false);
        return new PlacedEndpoint(network, endpoint, place);
    }
}
