using Berth.Api;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>Networks and endpoints between the API's shapes and ours. Pure.</summary>
internal static class NetworkShapes
{
    /// <exception cref="EngineException">Invalid or NotImplemented: what cannot be had.</exception>
    public static NetworkDefinition Definition(NetworkCreateRequest request)
    {
        if (request.Ingress == true || request.Scope is { Length: > 0 } scope && scope != "local")
        {
            throw EngineException.NotImplemented("networks of several machines (swarm scope, ingress) are an orchestrator's: leave --scope and --ingress out");
        }

        if (request.IPAM?.Driver is { Length: > 0 } ipam && ipam != "default")
        {
            throw EngineException.NotFound($"IPAM driver {ipam} not found: there is \"default\"");
        }

        return new NetworkDefinition
        {
            Name = request.Name ?? "",
            Driver = request.Driver ?? "",
            EnableIpv4 = request.EnableIPv4,
            EnableIpv6 = request.EnableIPv6,
            Internal = request.Internal == true,
            Attachable = request.Attachable == true,
            ConfigOnly = request.ConfigOnly == true,
            ConfigFrom = request.ConfigFrom?.Network,
            Subnets = [.. (request.IPAM?.Config ?? []).Select(c => new SubnetDefinition(c.Subnet, c.IPRange, c.Gateway, c.AuxiliaryAddresses))],
            Options = request.Options ?? new Dictionary<string, string>(),
            IpamOptions = request.IPAM?.Options ?? new Dictionary<string, string>(),
            Labels = request.Labels ?? new Dictionary<string, string>(),
        };
    }

    public static NetworkInspect Inspect(Network.Network network, IReadOnlyDictionary<string, EndpointResource> containers) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = ApiTime.Text(network.Created),
        Scope = "local",
        Driver = network.Driver,
        EnableIPv4 = network.EnableIpv4,
        EnableIPv6 = network.EnableIpv6,
        IPAM = new IPAM
        {
            Driver = "default",
            Options = network.IsPredefined ? null : network.IpamOptions,
            Config = [.. network.Subnets.Select(Config)],
        },
        Internal = network.Internal,
        Attachable = network.Attachable,
        Ingress = false,
        ConfigFrom = new ConfigReference { Network = network.ConfigFrom ?? "" },
        ConfigOnly = network.ConfigOnly,
        Containers = containers,
        Options = network.Options,
        Labels = network.Labels,
    };

    public static EndpointResource Resource(Endpoint endpoint, string name) => new()
    {
        Name = name,
        EndpointID = endpoint.Id,
        MacAddress = endpoint.MacAddress.ToString(),
        IPv4Address = endpoint.Address is null ? "" : $"{endpoint.Address}/{endpoint.PrefixLength}",
        IPv6Address = endpoint.Ipv6Address is null ? "" : $"{endpoint.Ipv6Address}/{endpoint.Ipv6PrefixLength}",
    };

    /// <summary>A container's place on a network: what it wanted, and what it has while it runs.</summary>
    public static EndpointSettings Settings(EndpointSettings wanted, Endpoint? endpoint, string? networkId, IReadOnlyList<string>? names) => wanted with
    {
        NetworkID = endpoint?.NetworkId ?? networkId ?? "",
        EndpointID = endpoint?.Id ?? "",
        Gateway = endpoint?.Gateway?.ToString() ?? "",
        IPAddress = endpoint?.Address?.ToString() ?? "",
        IPPrefixLen = endpoint?.PrefixLength ?? 0,
        IPv6Gateway = endpoint?.Ipv6Gateway?.ToString() ?? "",
        GlobalIPv6Address = endpoint?.Ipv6Address?.ToString() ?? "",
        GlobalIPv6PrefixLen = endpoint?.Ipv6PrefixLength ?? 0,
        MacAddress = endpoint?.MacAddress.ToString() ?? "",
        GwPriority = wanted.GwPriority ?? 0,
        DNSNames = names,
    };

    private static IPAMConfig Config(NetworkSubnet subnet) => new()
    {
        Subnet = subnet.Subnet.ToString(),
        IPRange = subnet.Range?.ToString(),
        Gateway = subnet.Gateway?.ToString(),
        AuxiliaryAddresses = subnet.Auxiliary.Count == 0 ? null : subnet.Auxiliary.ToDictionary(a => a.Key, a => a.Value.ToString()),
    };
}
