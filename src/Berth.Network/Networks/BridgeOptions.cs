using System.Globalization;
using System.Net;

using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>
/// The driver options of a bridge network, understood. An option of Docker's, or with our own prefix, that is not honoured is refused by name; any other is kept and shown in
/// inspect, as by Docker, which has no opinion on what it does not know.
/// </summary>
internal sealed record BridgeOptions
{
    private const string Prefix = "com.docker.network.";

    /// <summary>The link's name; null: made from the network's id.</summary>
    public string? Name { get; init; }

    /// <summary>Containers on it reach each other.</summary>
    public bool InterContainer { get; init; } = true;

    /// <summary>What leaves gets the host's address.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>Where ports are published that name no address of the host.</summary>
    public IPAddress? HostBinding { get; init; }

    /// <summary>Bytes; null: as the host's way out.</summary>
    public int? Mtu { get; init; }

    /// <summary>What interfaces in containers are called, before their number.</summary>
    public string InterfacePrefix { get; init; } = "eth";

    /// <summary>The bridge gets no IPv4 address.</summary>
    public bool InhibitIpv4 { get; init; }

    public bool? EnableIpv4 { get; init; }

    public bool? EnableIpv6 { get; init; }

    public GatewayMode Ipv4Mode { get; init; }

    public GatewayMode Ipv6Mode { get; init; }

    /// <summary>Interfaces of the host from which published ports are reached at the containers' own addresses too.</summary>
    public IReadOnlyList<string> TrustedInterfaces { get; init; } = [];

    /// <summary>What leaves gets this address of the host; null: that of the interface it leaves by.</summary>
    public IPAddress? SourceIpv4 { get; init; }

    public IPAddress? SourceIpv6 { get; init; }

    /// <summary>It is the predefined network bridge.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Names that containers may ask outside for, as given; null: everything is allowed.</summary>
    public string? EgressAllow { get; init; }

    /// <summary>The bridge has no address of a family, nor have its containers a gateway for it: nothing would go by it.</summary>
    public bool LacksGateway(bool ipv6, bool isInternal) =>
        isInternal && ((ipv6 ? Ipv6Mode : Ipv4Mode) == GatewayMode.Isolated || (!ipv6 && InhibitIpv4));

    /// <exception cref="EngineException">Invalid or NotImplemented: names the option.</exception>
    public static BridgeOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        var parsed = new BridgeOptions();
        foreach ((string key, string value) in options)
        {
            parsed = key switch
            {
                Prefix + "bridge.name" => parsed with { Name = value.Length == 0 ? null : LinkName(key, value, 15) },
                Prefix + "bridge.enable_icc" => parsed with { InterContainer = Flag(key, value) },
                Prefix + "bridge.enable_ip_masquerade" => parsed with { Masquerade = Flag(key, value) },
                Prefix + "bridge.host_binding_ipv4" => parsed with { HostBinding = Binding(key, value) },
                Prefix + "bridge.inhibit_ipv4" => parsed with { InhibitIpv4 = Flag(key, value) },
                Prefix + "bridge.default_bridge" => parsed with { IsDefault = Flag(key, value) },
                Prefix + "bridge.gateway_mode_ipv4" => parsed with { Ipv4Mode = ModeOf(key, value) },
                Prefix + "bridge.gateway_mode_ipv6" => parsed with { Ipv6Mode = ModeOf(key, value) },
                Prefix + "bridge.trusted_host_interfaces" => parsed with { TrustedInterfaces = Interfaces(key, value) },
                Prefix + "host_ipv4" => parsed with { SourceIpv4 = Source(key, value, ipv6: false) },
                Prefix + "host_ipv6" => parsed with { SourceIpv6 = Source(key, value, ipv6: true) },
                Prefix + "driver.mtu" => parsed with { Mtu = MtuOf(key, value) },
                Prefix + "container_iface_prefix" => parsed with { InterfacePrefix = LinkName(key, value, 11) },
                Prefix + "enable_ipv4" => parsed with { EnableIpv4 = Flag(key, value) },
                Prefix + "enable_ipv6" => parsed with { EnableIpv6 = Flag(key, value) },
                EgressKey => parsed with { EgressAllow = value },
                _ => key.StartsWith(Prefix, StringComparison.Ordinal) || key.StartsWith("berth.", StringComparison.Ordinal) ? throw NotYet(key, value) : parsed,
            };
        }

        return parsed;
    }

    /// <summary>The option that holds the allow list of names.</summary>
    public const string EgressKey = "berth.egress.allow";

    internal static int MtuOf(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) && mtu is >= 68 and <= 65535 // RFC 791: every link carries 68
            ? mtu
            : throw EngineException.Invalid($"invalid value \"{value}\" of {key}: a number of bytes from 68 to 65535 is wanted");

    internal static string LinkName(string key, string value, int longest) =>
        BridgePlan.IsLinkName(value) && value.Length <= longest
            ? value
            : throw EngineException.Invalid($"invalid value \"{value}\" of {key}: 1 to {longest} printable characters without space, slash, colon and quote are wanted");

    // An interface's name cannot have a colon: dev_valid_name in net/core/dev.c.
    private static string[] Interfaces(string key, string value)
    {
        const int Most = 64;
        string[] names = [.. value.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(n => LinkName(key, n, 15)).Distinct()];
        return names.Length <= Most ? names : throw EngineException.Invalid($"{key} names {names.Length} interfaces: at most {Most} are taken");
    }

    private static IPAddress Source(string key, string value, bool ipv6) =>
        AddressText.TryParse(value, out IPAddress? address) && address.AddressFamily == (ipv6 ? System.Net.Sockets.AddressFamily.InterNetworkV6 : System.Net.Sockets.AddressFamily.InterNetwork)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw EngineException.Invalid($"invalid value \"{value}\" of {key}: an {(ipv6 ? "IPv6" : "IPv4")} address of this host is wanted");

    private static bool Flag(string key, string value) => value.ToLowerInvariant() switch
    {
        "1" or "t" or "true" or "" => true,
        "0" or "f" or "false" => false,
        _ => throw EngineException.Invalid($"invalid value \"{value}\" of {key}: true or false is wanted"),
    };

    // 0.0.0.0 is every address of both families, as without the option; in spite of its name an IPv6 address is taken too, and :: is all of those. As with Docker.
    private static IPAddress? Binding(string key, string value) =>
        AddressText.TryParse(value, out IPAddress? address)
            ? address.Equals(IPAddress.Any) ? null : address
            : throw EngineException.Invalid($"invalid value \"{value}\" of {key}: an address of this host is wanted");

    private static GatewayMode ModeOf(string key, string value) => value switch
    {
        "nat" or "" => GatewayMode.Nat,
        "nat-unprotected" => GatewayMode.NatUnprotected,
        "routed" => GatewayMode.Routed,
        "isolated" => GatewayMode.Isolated,
        _ => throw EngineException.Invalid($"invalid value \"{value}\" of {key}: unknown gateway mode {value}: nat, nat-unprotected, routed and isolated exist"),
    };

    private static EngineException NotYet(string key, string value) =>
        EngineException.NotImplemented($"the network option {key}={value} is not supported yet; leave it out");
}
