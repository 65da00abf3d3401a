using System.Globalization;

using Berth.Api;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>The networks as the API shows them.</summary>
public sealed class NetworkCatalog(NetworkService networks, Func<string, string?> containerName)
{
    private static readonly string[] Known = ["driver", "id", "label", "name", "scope", "type", "dangling"];

    private static readonly Dictionary<string, string> None = [];

    /// <param name="filters">driver, id, label, name, scope, type, dangling.</param>
    /// <exception cref="EngineException">Invalid: another filter.</exception>
    public IReadOnlyList<NetworkInspect> List(Filters filters)
    {
        foreach (string key in filters.Keys)
        {
            if (!Known.Contains(key))
            {
                throw EngineException.Invalid($"invalid filter '{key}'");
            }
        }

        return [.. networks.Networks.Where(n => Admits(filters, n)).Select(n => Shape(n, []))];
    }

    /// <exception cref="EngineException">NotFound.</exception>
    public NetworkInspect Inspect(string nameOrId)
    {
        Berth.Network.Network network = networks.Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found");
        return Shape(network, networks.EndpointsOf(network.Id));
    }

    // All networks here are predefined: local, without labels, and never dangling.
    private static bool Admits(Filters filters, Berth.Network.Network network) =>
        Any(filters["name"], name => network.Name.Contains(name, StringComparison.Ordinal))
        && Any(filters["id"], id => network.Id.StartsWith(id, StringComparison.Ordinal))
        && Any(filters["driver"], driver => driver == network.Driver)
        && Any(filters["scope"], static scope => scope == "local")
        && Any(filters["type"], static type => type == "builtin")
        && Any(filters["dangling"], static dangling => dangling is "false" or "0")
        && filters["label"].Count == 0;

    private static bool Any(IReadOnlyList<string> values, Func<string, bool> fits) => values.Count == 0 || values.Any(fits);

    private NetworkInspect Shape(Berth.Network.Network network, IReadOnlyList<Endpoint> endpoints) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = network.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
        Scope = "local",
        Driver = network.Driver,
        EnableIPv4 = true,
        EnableIPv6 = false,
        IPAM = new IPAM
        {
            Driver = "default",
            Config = network.Subnet is null ? [] : [new IPAMConfig { Subnet = network.Subnet.ToString(), Gateway = network.Gateway?.ToString() }],
        },
        ConfigFrom = new ConfigReference { Network = "" },
        Containers = endpoints.ToDictionary(static e => e.ContainerId, Resource),
        Options = network.Options,
        Labels = None,
    };

    private EndpointResource Resource(Endpoint endpoint) => new()
    {
        Name = containerName(endpoint.ContainerId) ?? "",
        EndpointID = endpoint.Id,
        MacAddress = endpoint.MacAddress.ToString(),
        IPv4Address = $"{endpoint.Address}/{endpoint.PrefixLength}",
        IPv6Address = "",
    };
}
