using Berth.Network.Dns.Egress;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>Turns what somebody asked for into a network, or says what is wrong with it. Pure.</summary>
/// <param name="options">The daemon's.</param>
/// <param name="existing">All networks there are.</param>
/// <param name="host">What stands on the host.</param>
internal sealed class NetworkPlanner(NetworkOptions options, IReadOnlyList<Network> existing, HostNetworks host)
{
    private const int LongestName = 128;
    private const int ShortId = 12;

    /// <exception cref="EngineException">In Docker's words where it has some.</exception>
    public Network Plan(NetworkDefinition asked, string id, DateTimeOffset now)
    {
        CheckName(asked.Name);
        NetworkDefinition definition = asked.ConfigFrom is { Length: > 0 } from ? Configured(asked, from) : asked;
        string driver = CheckDriver(definition.Driver);
        CheckConfiguration(asked);
        BridgeOptions parsed = driver == NetworkDrivers.Bridge ? BridgeOptions.Parse(definition.Options) : ParentOptions.Check(driver, definition.Options);
        if (parsed.IsDefault)
        {
            throw EngineException.Invalid("com.docker.network.bridge.default_bridge: there is one default bridge, and it exists already");
        }

        bool ipv6 = definition.EnableIpv6 ?? parsed.EnableIpv6 ?? false, ipv4 = definition.EnableIpv4 ?? parsed.EnableIpv4 ?? true;
        if (!ipv4 && !ipv6)
        {
            throw EngineException.Invalid($"network {asked.Name} would have neither IPv4 nor IPv6: enable one of them");
        }

        if ((parsed.Ipv4Mode == GatewayMode.Isolated || parsed.Ipv6Mode == GatewayMode.Isolated) && !asked.Internal && !asked.ConfigOnly)
        {
            throw EngineException.Invalid("gateway mode 'isolated' can only be used for an internal network: add --internal");
        }

        if (parsed.EgressAllow is { } names)
        {
            CheckEgress(asked, driver, names);
        }

        string? bridge = driver == NetworkDrivers.Bridge && !definition.ConfigOnly ? BridgeOf(parsed, id) : null;
        (string? parent, string? made) = driver == NetworkDrivers.Bridge || definition.ConfigOnly ? (null, null) : ParentLink.Choose(driver, definition.Options, id, existing, host.Links);
        return new Network
        {
            Id = id,
            Name = asked.Name,
            Driver = definition.ConfigOnly ? NetworkDrivers.None : driver,
            Created = now,
            EnableIpv4 = ipv4,
            EnableIpv6 = ipv6,
            Internal = definition.Internal || (parent is not null && made == parent && ParentLink.TaggedOf(parent) is null), // a dummy leads nowhere
            Attachable = definition.Attachable,
            ConfigOnly = definition.ConfigOnly,
            ConfigFrom = asked.ConfigFrom is { Length: > 0 } ? Find(asked.ConfigFrom)!.Name : null,
            Options = definition.Options,
            IpamOptions = definition.IpamOptions,
            Labels = definition.Labels,
            Bridge = bridge,
            FoundBridge = bridge is null ? null : host.AddressesOf(bridge),
            MadeLink = made,
            Mtu = parsed.Mtu ?? host.Links.FirstOrDefault(l => l.Name == (bridge ?? parent))?.Mtu ?? options.Mtu ?? host.OutwardMtu(bridge ?? ""),
            Subnets = definition.ConfigOnly
                ? [.. definition.Subnets.Select(s => SubnetText.Parse(s))]
                : [.. new SubnetChoice(options, existing, host, driver).Of(definition.Subnets, ipv4, ipv6, bridge).Select(s => Gated(s, definition, parsed))],
        };
    }

    // A gateway that was asked for stays nobody else's.
    private static NetworkSubnet Gated(NetworkSubnet subnet, NetworkDefinition definition, BridgeOptions parsed) =>
        parsed.LacksGateway(subnet.IsIpv6, definition.Internal) && !definition.Subnets.Any(s => !string.IsNullOrEmpty(s.Gateway) && System.Net.IPNetwork.TryParse(s.Subnet, out System.Net.IPNetwork asked) && asked.Equals(subnet.Subnet))
            ? subnet with { Gateway = null }
            : subnet;

    private void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(c => c is '/' || char.IsControl(c)) || name.Trim() != name)
        {
            throw EngineException.Invalid($"\"{name}\" cannot be a network's name: 1 to {LongestName} characters without slashes, line breaks and surrounding space are wanted");
        }

        if (name is "bridge" or "host" or "none" or "default" || name.StartsWith("container:", StringComparison.Ordinal))
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"operation is not permitted on predefined {name} network");
        }

        if (existing.Any(n => n.Name == name))
        {
            throw EngineException.Conflict($"network with name {name} already exists");
        }
    }

    private static string CheckDriver(string driver) => driver switch
    {
        "" or "default" or NetworkDrivers.Bridge => NetworkDrivers.Bridge,
        NetworkDrivers.Macvlan or NetworkDrivers.Ipvlan => driver,
        NetworkDrivers.Host or NetworkDrivers.None => throw new EngineException(EngineErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed"),
        "overlay" => throw EngineException.NotImplemented("overlay networks join several machines, which Berth leaves to an orchestrator: use bridge, macvlan or ipvlan"),
        _ => throw EngineException.NotFound($"plugin \"{driver}\" not found: the network drivers are bridge, macvlan and ipvlan"),
    };

    private NetworkDefinition Configured(NetworkDefinition asked, string from)
    {
        if (Find(from) is not { ConfigOnly: true } configuration)
        {
            throw EngineException.NotFound($"configuration network \"{from}\" does not exist{(Find(from) is null ? "" : ": that network was not created with --config-only")}");
        }

        if (asked.Subnets.Count > 0 || asked.Options.Count > 0 || asked.EnableIpv6 == true)
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"user specified configurations are not supported if the network depends on a configuration network: {asked.Name} may have a driver, labels, internal and attachable of its own");
        }

        return asked with
        {
            Options = configuration.Options,
            IpamOptions = configuration.IpamOptions,
            EnableIpv4 = configuration.EnableIpv4,
            EnableIpv6 = configuration.EnableIpv6,
            Labels = asked.Labels.Concat(configuration.Labels).DistinctBy(l => l.Key).ToDictionary(),
            Subnets = [.. configuration.Subnets.Select(SubnetText.Of)],
        };
    }

    private static void CheckConfiguration(NetworkDefinition asked)
    {
        if (asked.ConfigOnly && (asked.Internal || asked.Attachable || asked.ConfigFrom is { Length: > 0 }))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                "configuration network can only contain network specific fields. Network operator fields like [ ingress | internal | attachable | scope ] are not supported.");
        }
    }

    private Network? Find(string nameOrId) => existing.FirstOrDefault(n => n.Name == nameOrId || n.Id == nameOrId);

    private string BridgeOf(BridgeOptions parsed, string id)
    {
        string bridge = parsed.Name ?? $"br-{id[..ShortId]}";
        if (existing.FirstOrDefault(n => n.Bridge == bridge) is { } other)
        {
            throw EngineException.Conflict($"conflicts with network {other.Id[..ShortId]} ({other.Name}): networks have same bridge name {bridge}");
        }

        if (host.Links.FirstOrDefault(l => l.Name == bridge) is { } link && link.Kind != "bridge")
        {
            throw EngineException.Conflict($"the network interface {bridge} exists and is no bridge: name another with -o com.docker.network.bridge.name=NAME");
        }

        return bridge;
    }

    private static void CheckEgress(NetworkDefinition asked, string driver, string names)
    {
        if (driver != NetworkDrivers.Bridge || asked.Internal)
        {
            throw EngineException.Invalid($"an allow list of names ({BridgeOptions.EgressKey}) is for bridge networks that have a way out");
        }

        if (names.Trim().Length == 0)
        {
            throw EngineException.Invalid($"{BridgeOptions.EgressKey} names nobody: use --internal for a network without a way out");
        }

        _ = EgressPolicy.Parse(names); // or the first container would fail for it
    }
}
