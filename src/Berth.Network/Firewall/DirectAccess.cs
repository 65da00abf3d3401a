using System.Net;
using System.Net.Sockets;

using Berth.Linux.NfTables;
using Berth.Network.Networks;
using Berth.Network.Ports;

namespace Berth.Network.Firewall;

/// <summary>What reaches containers at their own addresses, where a network's options ask for it. Only such networks have rules here. Pure.</summary>
internal static class DirectAccess
{
    public const string Opened4 = "opened4", Opened6 = "opened6";

    public static NfSet[] Sets(IReadOnlyCollection<OpenedPort> opened) =>
    [
        new NfSet(Opened4, [NfType.Ipv4Address, NfType.Protocol, NfType.Port], [.. opened.Where(o => !o.IsIpv6).Select(Key)]),
        new NfSet(Opened6, [NfType.Ipv6Address, NfType.Protocol, NfType.Port], [.. opened.Where(o => o.IsIpv6).Select(Key)]),
    ];

    /// <summary>The set a port belongs into, and its element there.</summary>
    public static (string Set, NfElement Element) Element(OpenedPort opened) => (opened.IsIpv6 ? Opened6 : Opened4, Key(opened));

    private static NfElement Key(OpenedPort opened) => new(new NfValue.Address(opened.Address), new NfValue.Protocol(opened.Protocol), new NfValue.Port(opened.Number));

    /// <summary>Of the forward chain: behind what is refused without exception, before networks are kept apart.</summary>
    public static IEnumerable<NfRule> Forward(IEnumerable<FirewalledNetwork> networks) =>
        networks.Where(n => !n.Internal).SelectMany(n => n.Subnets.SelectMany(s => Forward(n, s)));

    private static IEnumerable<NfRule> Forward(FirewalledNetwork network, IPNetwork subnet)
    {
        bool ipv6 = subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        NfStatement fromElsewhere = new NfStatement.Interface(Input: true, network.Bridge, Not: true), there = new NfStatement.Interface(Input: false, network.Bridge);
        NfStatement opened = ipv6
            ? new NfStatement.InSet(Opened6, false, NfField.Ipv6Destination, NfField.Protocol, NfField.DestinationPort)
            : new NfStatement.InSet(Opened4, false, NfField.Ipv4Destination, NfField.Protocol, NfField.DestinationPort);
        switch (network.ModeOf(subnet))
        {
            case GatewayMode.Routed:
                yield return new NfRule("routed: published ports at the containers' addresses", fromElsewhere, there, opened, new NfStatement.Accept());
                yield return new NfRule(null, fromElsewhere, there, new NfStatement.Protocol(ipv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp), new NfStatement.Accept());
                break;
            case GatewayMode.NatUnprotected:
                yield return new NfRule("unprotected: every port", fromElsewhere, there, new NfStatement.Address(Source: false, subnet), new NfStatement.Accept());
                break;
            default:
                foreach (string trusted in network.TrustedInterfaces)
                {
                    yield return new NfRule("trusted: published ports at the containers' addresses", new NfStatement.Interface(Input: true, trusted), there, opened, new NfStatement.Accept());
                }

                break;
        }
    }
}
