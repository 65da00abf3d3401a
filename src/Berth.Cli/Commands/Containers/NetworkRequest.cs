using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>The networks of a container and its endpoints on them.</summary>
internal sealed class NetworkRequest
{
    private readonly List<NetworkSpec> networks;

    public NetworkRequest(Arguments given)
    {
        networks = given.All("network").Select(NetworkSpec.Parse).ToList();
        Mode = networks.Count > 0 ? networks[0].Target : "default";
        NetworkSpec first = networks.Count > 0 ? networks[0] : new NetworkSpec(Mode);
        Apply(given, first);
        if (networks.Count == 0 && !first.IsPlain)
        {
            networks.Add(first);
        }

        Validate();
    }

    /// <summary>The network that counts for the host's configuration.</summary>
    public string Mode { get; }

    /// <summary>Writes NetworkingConfig, where there is more to say than the mode.</summary>
    public void WriteEndpoints(JsonBuilder json)
    {
        NetworkSpec[] written = networks.Where((n, i) => i > 0 || networks.Count > 1 || !n.IsPlain).ToArray();
        if (written.Length == 0)
        {
            return;
        }

        json.Object("NetworkingConfig", config => config.Object("EndpointsConfig", endpoints =>
        {
            foreach (NetworkSpec network in written)
            {
                endpoints.Object(network.Target, endpoint => WriteEndpoint(endpoint, network));
            }
        }));
    }

    // The flags of their own ("--ip", "--network-alias", …) belong to the first network.
    private static void Apply(Arguments given, NetworkSpec first)
    {
        Exclude(first.Aliases.Count > 0 && given.Given("network-alias"), "--network-alias and per-network alias");
        Exclude(first.IPv4 is not null && given.Given("ip"), "--ip and per-network IPv4 address");
        Exclude(first.IPv6 is not null && given.Given("ip6"), "--ip6 and per-network IPv6 address");
        Exclude(first.MacAddress is not null && given.Given("mac-address"), "--mac-address and per-network MAC address");
        Exclude(first.LinkLocalIPs.Count > 0 && given.Given("link-local-ip"), "--link-local-ip and per-network link-local IP addresses");
        first.Aliases.AddRange(given.All("network-alias"));
        first.LinkLocalIPs.AddRange(given.All("link-local-ip"));
        first.IPv4 ??= given.Given("ip") ? given.Text("ip") : null;
        first.IPv6 ??= given.Given("ip6") ? given.Text("ip6") : null;
        first.MacAddress ??= given.Given("mac-address") ? given.Text("mac-address").Trim() : null;
        if (first.IsUserDefined)
        {
            first.Links.AddRange(given.All("link"));
        }
    }

    private static void Exclude(bool both, string what)
    {
        if (both)
        {
            throw new SpecException($"conflicting options: cannot specify both {what}");
        }
    }

    private void Validate()
    {
        foreach (NetworkSpec network in networks)
        {
            if (network.Target.Trim().Length == 0)
            {
                throw new SpecException("no name set for network");
            }

            if (!network.IsUserDefined && network.Aliases.Count > 0)
            {
                throw new SpecException("network-scoped aliases are only supported for user-defined networks");
            }

            if (network.MacAddress is string mac && !IpText.IsHardwareAddress(mac))
            {
                throw new SpecException($"{mac} is not a valid mac address");
            }

            if (networks.Count(n => n.Target == network.Target) > 1)
            {
                throw new SpecException($"network \"{network.Target}\" is specified multiple times");
            }
        }

        if (networks.Exists(n => n.IsUserDefined) && networks.Exists(n => !n.IsUserDefined))
        {
            throw new SpecException("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
        }
    }

    private static void WriteEndpoint(JsonBuilder json, NetworkSpec network)
    {
        if ((network.IPv4 ?? network.IPv6) is not null || network.LinkLocalIPs.Count > 0)
        {
            json.Object("IPAMConfig", ipam => ipam.Text("IPv4Address", network.IPv4).Text("IPv6Address", network.IPv6)
                .List("LinkLocalIPs", network.LinkLocalIPs.Count > 0 ? network.LinkLocalIPs : null));
        }

        json.List("Links", network.Links.Count > 0 ? network.Links : null)
            .List("Aliases", network.Aliases.Count > 0 ? network.Aliases : null)
            .Text("MacAddress", network.MacAddress)
            .Map("DriverOpts", network.DriverOptions.Count > 0 ? network.DriverOptions : null)
            .Int("GwPriority", network.GatewayPriority);
    }
}
