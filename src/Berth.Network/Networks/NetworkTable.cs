using Berth.Network.Addresses;
using Berth.Network.Endpoints;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>Which networks there are and who is on them. Answers from memory; whoever changes it changes rows and kernel too. Safe for concurrent use.</summary>
internal sealed class NetworkTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AddressSpace> _spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Endpoint>> _endpoints = new(StringComparer.Ordinal); // by container
    private volatile IReadOnlyList<Network> _networks;

    public NetworkTable(IReadOnlyList<Network> networks)
    {
        _networks = networks;
        foreach (Network network in networks)
        {
            _spaces[network.Id] = new AddressSpace(network);
        }
    }

    public IReadOnlyList<Network> Networks => _networks;

    /// <summary>By name, id or unambiguous beginning of an id; null where there is none.</summary>
    public Network? Find(string nameOrId)
    {
        IReadOnlyList<Network> networks = _networks;
        string name = nameOrId == "default" ? "bridge" : nameOrId;
        Network? exact = networks.FirstOrDefault(n => n.Id == name) ?? networks.FirstOrDefault(n => n.Name == name);
        if (exact is not null || name.Length == 0)
        {
            return exact;
        }

        Network[] beginning = [.. networks.Where(n => n.Id.StartsWith(name, StringComparison.Ordinal))];
        return beginning.Length == 1 ? beginning[0] : null;
    }

    /// <exception cref="EngineException">NotFound.</exception>
    public Network Get(string nameOrId) => Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found");

    public void Add(Network network)
    {
        lock (_gate)
        {
            _spaces[network.Id] = new AddressSpace(network);
            _networks = [.. _networks, network];
        }
    }

    /// <summary>Takes a network out that nobody is on. From then on nobody can get onto it.</summary>
    /// <returns>Who is on it; empty: it is out.</returns>
    public IReadOnlyList<Endpoint> Remove(Network network)
    {
        lock (_gate)
        {
            Endpoint[] present = [.. OnNetwork(network.Id)];
            if (present.Length == 0)
            {
                _spaces.Remove(network.Id);
                _networks = [.. _networks.Where(n => n.Id != network.Id)];
            }

            return present;
        }
    }

    /// <summary>Gives a container a place on a network: addresses and the name of its interface.</summary>
    /// <exception cref="EngineException">NotFound: the network went. Forbidden: it is there already. Else why no address could be had.</exception>
    public Endpoint Place(string containerId, Network network, EndpointRequest request)
    {
        lock (_gate)
        {
            AddressSpace space = _spaces.GetValueOrDefault(network.Id) ?? throw EngineException.NotFound($"network {network.Name} not found");
            List<Endpoint> own = Check(containerId, network);
            string? host = network.Bridge is null ? null : NewLinkName();
            Endpoint placed = space.Take(EndpointShape.Of(containerId, network, request, EndpointShape.InterfaceName(own, network, request.Options.Interface), host), request.Address, request.Ipv6Address);
            placed = placed with { MacAddress = request.MacAddress ?? EndpointShape.DerivedMac(placed) };
            own.Add(placed);
            return placed;
        }
    }

    /// <summary>A place whose address comes from elsewhere (the pool of prepared sandboxes), or that an earlier daemon gave.</summary>
    public void Add(Endpoint endpoint, bool adopted)
    {
        lock (_gate)
        {
            Own(endpoint.ContainerId).Add(endpoint);
            if (adopted)
            {
                _spaces.GetValueOrDefault(endpoint.NetworkId)?.Adopt(endpoint);
            }
        }
    }

    /// <exception cref="EngineException">Forbidden: the container is on that network.</exception>
    public List<Endpoint> Check(string containerId, Network network)
    {
        lock (_gate)
        {
            List<Endpoint> own = Own(containerId);
            return own.All(e => e.NetworkId != network.Id)
                ? own
                : throw new EngineException(EngineErrorKind.Forbidden, $"endpoint with name {containerId[..12]} already exists in network {network.Name}");
        }
    }

    /// <summary>Puts a changed endpoint in place of what it was.</summary>
    public void Replace(Endpoint endpoint)
    {
        lock (_gate)
        {
            List<Endpoint> own = Own(endpoint.ContainerId);
            int at = own.FindIndex(e => e.Id == endpoint.Id);
            if (at >= 0)
            {
                own[at] = endpoint;
            }
        }
    }

    /// <summary>The container is there no longer. Its addresses are still taken until <see cref="Free"/>.</summary>
    public void Leave(Endpoint endpoint)
    {
        lock (_gate)
        {
            if (_endpoints.TryGetValue(endpoint.ContainerId, out List<Endpoint>? own) && own.RemoveAll(e => e.Id == endpoint.Id) > 0 && own.Count == 0)
            {
                _endpoints.Remove(endpoint.ContainerId);
            }
        }
    }

    /// <summary>No interface has the endpoint's addresses any more.</summary>
    public void Free(Endpoint endpoint)
    {
        lock (_gate)
        {
            _spaces.GetValueOrDefault(endpoint.NetworkId)?.Free(endpoint);
        }
    }

    /// <summary>A container's places, in the order it got them.</summary>
    public IReadOnlyList<Endpoint> OfContainer(string containerId)
    {
        lock (_gate)
        {
            return _endpoints.TryGetValue(containerId, out List<Endpoint>? own) ? [.. own] : [];
        }
    }

    public IReadOnlyList<Endpoint> OfNetwork(string networkId)
    {
        lock (_gate)
        {
            return [.. OnNetwork(networkId)];
        }
    }

    public IReadOnlyList<Endpoint> All()
    {
        lock (_gate)
        {
            return [.. _endpoints.Values.SelectMany(e => e)];
        }
    }

    /// <summary>The host's ends of the pairs on a bridge.</summary>
    public IReadOnlyCollection<string> LinksOf(string bridge)
    {
        string? id = _networks.FirstOrDefault(n => n.Bridge == bridge)?.Id;
        lock (_gate)
        {
            return id is null ? [] : OnNetwork(id).Select(e => e.HostInterface!).ToHashSet();
        }
    }

    private IEnumerable<Endpoint> OnNetwork(string networkId) => _endpoints.Values.SelectMany(e => e).Where(e => e.NetworkId == networkId);

    private List<Endpoint> Own(string containerId)
    {
        if (!_endpoints.TryGetValue(containerId, out List<Endpoint>? own))
        {
            _endpoints[containerId] = own = [];
        }

        return own;
    }

    private string NewLinkName()
    {
        string name;
        do
        {
            name = LinkName.New();
        }
        while (_endpoints.Values.Any(own => own.Exists(e => e.HostInterface == name)));

        return name;
    }
}
