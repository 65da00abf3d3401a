using System.Globalization;

using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network.Endpoints;

/// <summary>What a new endpoint looks like. Pure but for its id.</summary>
internal static class EndpointShape
{
    /// <summary>Without addresses yet.</summary>
    public static Endpoint Of(string containerId, Network network, EndpointRequest request, string interfaceName, string? hostInterface) => new()
    {
        Id = Random.Shared.GetHexString(64, lowercase: true),
        NetworkId = network.Id,
        ContainerId = containerId,
        MacAddress = request.MacAddress ?? default,
        LinkLocal = request.LinkLocal,
        HostInterface = hostInterface,
        Interface = interfaceName,
        Settings = request.Options.Settings,
        Names = request.Names,
        GatewayPriority = request.GatewayPriority,
    };

    /// <summary>From its IPv4 address; where it has none, from the IPv6 address's end.</summary>
    public static MacAddress DerivedMac(Endpoint endpoint) =>
        endpoint.Address is { } four ? MacAddress.Of(four) : MacAddress.Of(new System.Net.IPAddress(endpoint.Ipv6Address!.GetAddressBytes().AsSpan(12)));

    /// <summary>The first name behind the network's prefix that none of the container's other interfaces has, or the one asked for.</summary>
    /// <exception cref="EngineException">Conflict: the name asked for is taken.</exception>
    public static string InterfaceName(IReadOnlyCollection<Endpoint> own, Network network, string? wanted)
    {
        if (wanted is not null)
        {
            return own.All(e => e.Interface != wanted) ? wanted : throw EngineException.Conflict($"the container has an interface {wanted} already");
        }

        string prefix = network.Driver != NetworkDrivers.Bridge ? "eth" : BridgeOptions.Parse(network.Options).InterfacePrefix;
        int number = 0;
        while (own.Any(e => e.Interface == Name(number)))
        {
            number++;
        }

        return Name(number);

        string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{n}");
    }
}
