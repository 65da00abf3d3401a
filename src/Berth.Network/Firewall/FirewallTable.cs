using System.Net;
using System.Net.Sockets;

using Berth.Linux.NfTables;
using Berth.Network.Networks;
using Berth.Network.Ports;

namespace Berth.Network.Firewall;

/// <summary>
/// The firewall as data: one table, so that one look shows all that this daemon does to packets (but for <see cref="SpoofingTable"/>, of another
/// family). What packets are compared with lies in sets and maps: their cost does not grow with the number of networks and ports, and a port comes
/// and goes as one element.
/// </summary>
internal static class FirewallTable
{
    public const string Bridges = "bridges", Within = "within", Apart = "apart", Held = "held", Internal = "internal", Limited = "limited";
    public const string Pairs4 = "pairs4", Pairs6 = "pairs6", Allowed4 = "allowed4", Allowed6 = "allowed6";

    // Ports of the host that lead back to the bridge a packet came from, where that bridge keeps its ports apart: of each map its keys behind the bridge.
    private const string Own = "own-";

    /// <summary>NFLOG group of refused packets; daemons beside each other differ.</summary>
    public static ushort LogGroup(string defaultBridge) => (ushort)ReturnPath.MarkOf(defaultBridge);

    public const string LogPrefix = "berth egress";

    private static readonly IPNetwork Loopback = new(IPAddress.Parse("127.0.0.0"), 8);
    private static readonly IPNetwork Loopback6 = new(IPAddress.IPv6Loopback, 128);

    private static readonly NfStatement FromBridge = new NfStatement.InSet(Bridges, false, NfField.InputInterface);
    private static readonly NfStatement ToBridge = new NfStatement.InSet(Bridges, false, NfField.OutputInterface);
    private static readonly NfStatement FromLimited = new NfStatement.InSet(Limited, false, NfField.InputInterface);

    private static readonly NfType[] PortKey = [NfType.Protocol, NfType.Port];
    private static readonly NfType[] Target4 = [NfType.Ipv4Address, NfType.Port];
    private static readonly NfType[] Target6 = [NfType.Ipv6Address, NfType.Port];

    /// <summary>The table of the daemon whose default bridge this is.</summary>
    public static string Name(string defaultBridge) => $"berth-{defaultBridge}";

    /// <summary>The whole table.</summary>
    public static NfTable Of(string defaultBridge, FirewallState state) => new(NfFamily.Inet, Name(defaultBridge), Chains(state, ReturnPath.MarkOf(defaultBridge)))
    {
        Maps =
        [
            new NfMap("one4", [NfType.Protocol, NfType.Ipv4Address, NfType.Port], Target4, Elements(state, "one4")),
            new NfMap("any4", PortKey, Target4, Elements(state, "any4")),
            new NfMap("one6", [NfType.Protocol, NfType.Ipv6Address, NfType.Port], Target6, Elements(state, "one6")),
            new NfMap("any6", PortKey, Target6, Elements(state, "any6")),
        ],
        Sets =
        [
            new NfSet(Bridges, [NfType.InterfaceName], Names(state.Networks)),
            new NfSet(Within, [NfType.InterfaceName, NfType.InterfaceName], Doubles(state.Networks.Where(n => n.InterContainer))),
            new NfSet(Apart, [NfType.InterfaceName, NfType.InterfaceName], Doubles(state.Networks.Where(n => !n.InterContainer))),
            new NfSet(Held, PortKey, [.. state.Held.Select(Element)]),
            new NfSet(Internal, [NfType.InterfaceName], Names(state.Networks.Where(n => n.Internal))),
            new NfSet(Limited, [NfType.InterfaceName], Names(state.Networks.Where(n => n.EgressLimited))),
            new NfSet(Pairs4, [NfType.Ipv4Address, NfType.Ipv4Address, NfType.Protocol, NfType.Port], PairElements(state, Pairs4)),
            new NfSet(Pairs6, [NfType.Ipv6Address, NfType.Ipv6Address, NfType.Protocol, NfType.Port], PairElements(state, Pairs6)),
            new NfSet(Own + "one4", [NfType.InterfaceName, NfType.Protocol, NfType.Ipv4Address, NfType.Port], OwnElements(state, "one4")),
            new NfSet(Own + "any4", [NfType.InterfaceName, .. PortKey], OwnElements(state, "any4")),
            new NfSet(Own + "one6", [NfType.InterfaceName, NfType.Protocol, NfType.Ipv6Address, NfType.Port], OwnElements(state, "one6")),
            new NfSet(Own + "any6", [NfType.InterfaceName, .. PortKey], OwnElements(state, "any6")),
            new NfSet(Allowed4, [NfType.InterfaceName, NfType.Ipv4Address], [.. state.Allowed4]) { Timeouts = true },
            new NfSet(Allowed6, [NfType.InterfaceName, NfType.Ipv6Address], [.. state.Allowed6]) { Timeouts = true },
            .. DirectAccess.Sets(state.Opened),
        ],
    };

    /// <summary>The map a port belongs into, and its element there.</summary>
    public static (string Map, NfElement Element) Element(PortTranslation port)
    {
        string family = port.IsIpv6 ? "6" : "4";
        NfValue protocol = new NfValue.Protocol(port.Protocol), number = new NfValue.Port(port.HostPort);
        NfValue[] target = [new NfValue.Address(port.Target), new NfValue.Port(port.TargetPort)];
        return port.OnEveryAddress
            ? ($"any{family}", new NfElement([protocol, number], target))
            : ($"one{family}", new NfElement([protocol, new NfValue.Address(port.HostAddress), number], target));
    }

    /// <summary>
    /// The set of ports that are not translated for the bridge they lead to, and the port's element there; null: it is translated for everybody.
    /// SCTP is, for nobody but the kernel passes it on.
    /// </summary>
    public static (string Set, NfElement Element)? OwnElement(PortTranslation port, IEnumerable<FirewalledNetwork> networks)
    {
        FirewalledNetwork? apart = port.Protocol == PublishedPort.Sctp ? null : networks.FirstOrDefault(n => !n.InterContainer && n.Subnets.Any(s => s.Contains(port.Target)));
        (string map, NfElement element) = Element(port);
        return apart is null ? null : (Own + map, new NfElement([new NfValue.InterfaceName(apart.Bridge), .. element.Key]));
    }

    /// <summary>A port of the host that belongs to a container, by whichever way it leads there.</summary>
    public static NfElement Element((ProtocolType Protocol, ushort Port) held) => new(new NfValue.Protocol(held.Protocol), new NfValue.Port(held.Port));

    /// <summary>The set a pair belongs into, and its element there.</summary>
    public static (string Set, NfElement Element) Element(AllowedPair pair) => (
        pair.IsIpv6 ? Pairs6 : Pairs4,
        new NfElement(new NfValue.Address(pair.From), new NfValue.Address(pair.To), new NfValue.Protocol(pair.Protocol), new NfValue.Port(pair.Port)));

    private static NfChain[] Chains(FirewallState state, uint mark) =>
    [
        new NfChain("raw-prerouting", "filter", NfHook.Prerouting, -300,
        [
            // With route_localnet a container would reach services that listen on the host's loopback only: CVE-2020-8558.
            new NfRule("containers never reach the host's loopback", FromBridge, new NfStatement.Address(Source: false, Loopback), new NfStatement.Drop()),

            // Nor speaks it as one of the loopback's addresses, which route_localnet lets in too: services trust those.
            new NfRule("containers are never the host's loopback", FromBridge, new NfStatement.Address(Source: true, Loopback), new NfStatement.Drop()),
        ]),
        new NfChain("returns", "filter", NfHook.Prerouting, 30,
        [
            // After firewalld's check of IPv6 sources (priority 10): with the mark these lead to this host, not to the bridge, and would be dropped as forged.
            new NfRule("to monitors that speak with their clients' addresses", FromBridge, new NfStatement.ForTransparentSocket(), new NfStatement.SetMark(mark)),
        ]),
        new NfChain("prerouting", "nat", NfHook.Prerouting, -100,
        [
            // Or a neighbour on the wire would reach what is published at 127.0.0.1: translated, its packet would not be looked at as a martian any more.
            new NfRule("nobody sends to this host's loopback from elsewhere", new NfStatement.Address(Source: false, Loopback), new NfStatement.Return()),

            // Untranslated it is refused as the host's own services are, and at once: with br_netfilter a reset for a translated packet would come from a wrong address.
            new NfRule("allow lists are no way to published ports", FromLimited, new NfStatement.Return()),
            .. Untranslated(),
            new NfRule("published ports", new NfStatement.ToThisHost(), new NfStatement.Jump("ports")),
        ]),
        new NfChain("output", "nat", NfHook.Output, -100,
        [
            // IPv6 has no route_localnet: the container's monitor listens there.
            new NfRule("the host's ::1 is not translated", new NfStatement.Address(Source: false, Loopback6), new NfStatement.Return()),
            new NfRule("published ports", new NfStatement.ToThisHost(), new NfStatement.Jump("ports")),
        ]),
        new NfChain("ports",
        [
            new NfRule(null, new NfStatement.DestinationFrom("one4", Ipv6: false, ByAddress: true)),
            new NfRule(null, new NfStatement.DestinationFrom("any4", Ipv6: false, ByAddress: false)),
            new NfRule(null, new NfStatement.DestinationFrom("one6", Ipv6: true, ByAddress: true)),
            new NfRule(null, new NfStatement.DestinationFrom("any6", Ipv6: true, ByAddress: false)),
        ]),
        new NfChain("input", "filter", NfHook.Input, 0,
        [
            new NfRule("limited networks reach the host by no way around", FromLimited, new NfStatement.Jump("host")),
            new NfRule(
                "monitors listen there, and would lead internal networks to others",
                new NfStatement.InSet(Internal, false, NfField.InputInterface), new NfStatement.InSet(Held, false, NfField.Protocol, NfField.DestinationPort), new NfStatement.Jump("refuse")),
        ]),
        new NfChain("forward", "filter", NfHook.Forward, 0, Forward(state.Networks)),
        .. Redirects(state.Networks),
        new NfChain("host",
        [
            new NfRule("answers", new NfStatement.Established(), new NfStatement.Accept()),
            new NfRule(null, new NfStatement.Protocol(ProtocolType.Icmp), new NfStatement.Accept()),
            new NfRule("also finding neighbours", new NfStatement.Protocol(ProtocolType.IcmpV6), new NfStatement.Accept()),
            new NfRule(null, new NfStatement.Jump("refuse")),
        ]),
        new NfChain("egress",
        [
            new NfRule("answers", new NfStatement.Established(), new NfStatement.Accept()),
            new NfRule("what allowed names stand for", new NfStatement.InSet(Allowed4, false, NfField.InputInterface, NfField.Ipv4Destination), new NfStatement.Accept()),
            new NfRule(null, new NfStatement.InSet(Allowed6, false, NfField.InputInterface, NfField.Ipv6Destination), new NfStatement.Accept()),
            new NfRule(null, new NfStatement.Jump("refuse")),
        ]),
        new NfChain("refuse",
        [
            .. state.Logs ? [new NfRule(null, new NfStatement.Limit(10, 20), new NfStatement.Log((ushort)mark, LogPrefix))] : Array.Empty<NfRule>(),
            new NfRule(null, new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.Reset()),
            new NfRule(null, new NfStatement.Reject()),
        ]),
        new NfChain("postrouting", "nat", NfHook.Postrouting, 100, [.. Postrouting(state.Networks)]),
    ];

    // What leaves by where it came from makes the host tell its sender of a shorter way, with the neighbour's hardware address, whose isolated port takes nothing
    // from there: measured, every second link by IPv6 broke off after its first packets. IPv4 has a setting (send_redirects), IPv6 has none (ip6_forward in
    // net/ipv6/ip6_output.c).
    private static IEnumerable<NfChain> Redirects(IReadOnlyList<FirewalledNetwork> networks)
    {
        NfRule[] rules =
        [
            .. networks.Where(n => !n.InterContainer && n.Subnets.Any(s => s.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6))
                .Select(n => new NfRule("containers that are apart have no shorter way", new NfStatement.Ipv6Redirect(), new NfStatement.Interface(Input: false, n.Bridge), new NfStatement.Drop())),
        ];
        return rules.Length > 0 ? [new NfChain("redirects", "filter", NfHook.Output, 0, rules)] : [];
    }

    // Where br_netfilter is on a packet is translated while it is being bridged, and when its new destination is on the same bridge it never gets to the host:
    // it is bridged on (br_nf_pre_routing_finish_bridge), and a port that is isolated does not take it from another (should_deliver in net/bridge/br_forward.c),
    // before any rule could say a word. So it goes to the host's socket: the monitor that holds the port passes it on, as Docker's proxy does.
    private static IEnumerable<NfRule> Untranslated()
    {
        const string Why = "back to a bridge that keeps its ports apart only monitors lead";
        foreach (bool ipv6 in (bool[])[false, true])
        {
            string family = ipv6 ? "6" : "4";
            yield return new NfRule(
                Why,
                new NfStatement.InSet(
                    $"{Own}one{family}", false, NfField.InputInterface, NfField.Protocol, ipv6 ? NfField.Ipv6Destination : NfField.Ipv4Destination, NfField.DestinationPort),
                new NfStatement.Return());
            yield return new NfRule(
                Why,
                new NfStatement.Version(ipv6),
                new NfStatement.InSet($"{Own}any{family}", false, NfField.InputInterface, NfField.Protocol, NfField.DestinationPort),
                new NfStatement.Return());
        }
    }

    private static NfRule[] Forward(IReadOnlyList<FirewalledNetwork> networks) =>
    [
        // First, both ways, and without a look at the interfaces: nearly every packet is one of these. What began was let through below.
        new NfRule("what has begun", new NfStatement.Established(), new NfStatement.Accept()),
        new NfRule("containers of a network", new NfStatement.InSet(Within, false, NfField.InputInterface, NfField.OutputInterface), new NfStatement.Accept()),

        // Before internal networks are shut: what one of those that keeps its containers apart passes between them is forwarded too, out by where it came in.
        new NfRule(
            "links, within their network: a source is easily forged from elsewhere",
            new NfStatement.InSet(Apart, false, NfField.InputInterface, NfField.OutputInterface),
            new NfStatement.InSet(Pairs4, false, NfField.Ipv4Source, NfField.Ipv4Destination, NfField.Protocol, NfField.DestinationPort), new NfStatement.Accept()),
        new NfRule(
            null,
            new NfStatement.InSet(Apart, false, NfField.InputInterface, NfField.OutputInterface),
            new NfStatement.InSet(Pairs6, false, NfField.Ipv6Source, NfField.Ipv6Destination, NfField.Protocol, NfField.DestinationPort), new NfStatement.Accept()),
        new NfRule("no way out", new NfStatement.InSet(Internal, false, NfField.InputInterface), new NfStatement.Drop()),
        new NfRule("no way in", new NfStatement.InSet(Internal, false, NfField.OutputInterface), new NfStatement.Drop()),
        new NfRule("allow lists are for the outside, whatever an allowed name stands for", FromLimited, ToBridge, new NfStatement.Jump("refuse")),
        new NfRule("allow lists", FromLimited, new NfStatement.Jump("egress")),
        new NfRule("published ports", ToBridge, new NfStatement.Translated(), new NfStatement.Accept()),
        .. DirectAccess.Forward(networks),
        new NfRule("networks are apart", FromBridge, ToBridge, new NfStatement.Drop()),
        new NfRule("containers reach the outside", FromBridge, new NfStatement.Accept()),
        new NfRule("nobody else reaches a container", ToBridge, new NfStatement.Drop()),
    ];

    private static IEnumerable<NfRule> Postrouting(IReadOnlyList<FirewalledNetwork> networks)
    {
        yield return new NfRule("from the host's loopback", new NfStatement.Address(Source: true, Loopback), ToBridge, new NfStatement.Masquerade());
        foreach (FirewalledNetwork network in networks)
        {
            // Or the server would answer its neighbour directly, who never asked it. The interface a packet came in by is not known here any more.
            foreach (IPNetwork subnet in network.Subnets)
            {
                yield return new NfRule(
                    "by the host back to the same network",
                    new NfStatement.Address(Source: true, subnet),
                    new NfStatement.Interface(Input: false, network.Bridge),
                    new NfStatement.Translated(),
                    new NfStatement.Masquerade());
            }
        }

        foreach (FirewalledNetwork network in networks.Where(n => n.Masquerade && !n.Internal))
        {
            // To another network of ours the address stays: the server there sees its client.
            foreach (IPNetwork subnet in network.Subnets.Where(s => network.ModeOf(s) != GatewayMode.Routed))
            {
                yield return new NfRule(
                    "the host's address outside",
                    new NfStatement.Address(Source: true, subnet),
                    new NfStatement.InSet(Bridges, true, NfField.OutputInterface),
                    network.SourceOf(subnet) is { } source ? new NfStatement.SourceTo(source) : new NfStatement.Masquerade());
            }
        }
    }

    private static NfElement[] Elements(FirewallState state, string map) => [.. state.Ports.Select(Element).Where(e => e.Map == map).Select(e => e.Element)];

    private static NfElement[] PairElements(FirewallState state, string set) => [.. state.Pairs.Select(Element).Where(e => e.Set == set).Select(e => e.Element)];

    private static NfElement[] OwnElements(FirewallState state, string map) =>
        [.. state.Ports.Select(p => OwnElement(p, state.Networks)).Where(e => e?.Set == Own + map).Select(e => e!.Value.Element)];

    private static NfElement[] Names(IEnumerable<FirewalledNetwork> networks) => [.. networks.Select(n => new NfElement(new NfValue.InterfaceName(n.Bridge)))];

    private static NfElement[] Doubles(IEnumerable<FirewalledNetwork> networks) =>
        [.. networks.Select(n => new NfElement(new NfValue.InterfaceName(n.Bridge), new NfValue.InterfaceName(n.Bridge)))];
}
