using Berth.Api;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>The networks as the API shows them.</summary>
public sealed class NetworkCatalog(NetworkService networks, Func<string, string?> containerName)
{
    private static readonly Dictionary<string, EndpointResource> Nobody = [];

    /// <param name="filters">driver, id, label, name, scope, type, dangling.</param>
    /// <exception cref="EngineException">Invalid: another filter.</exception>
    public IReadOnlyList<NetworkInspect> List(Filters filters)
    {
        NetworkFilter filter = NetworkFilter.ForList(filters);
        return
        [
            .. networks.Networks.Where(n => filter.Matches(n, networks.Endpoints.On(n.Id).Count > 0)).OrderByDescending(n => n.Created)
                .Select(n => NetworkShapes.Inspect(n, Nobody)),
        ];
    }

    /// <exception cref="EngineException">NotFound.</exception>
    public NetworkInspect Inspect(string nameOrId)
    {
        Network.Network network = networks.Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found");
        return NetworkShapes.Inspect(
            network, networks.Endpoints.On(network.Id).ToDictionary(e => e.ContainerId, e => NetworkShapes.Resource(e, containerName(e.ContainerId) ?? "")));
    }
}
