using System.Net.Sockets;

using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// The table that binds addresses to bridge ports, as data. It is of the family bridge: on the way of a packet there alone is known which port it came in
/// by, whether br_netfilter is on or not, and it stands before the bridge learns who lives where. What belongs to nobody passes: a container may have
/// addresses of its own making, route for others and hold a virtual machine.
/// </summary>
internal static class SpoofingTable
{
    public const string Ports = "ports";

    // Of each: what belongs to somebody, and the same with the port that it belongs to.
    private const string Hardware = "hardware", Four = "four", Six = "six", At = "-at";

    private static readonly (string Kind, NfType Type)[] Kinds = [(Hardware, NfType.HardwareAddress), (Four, NfType.Ipv4Address), (Six, NfType.Ipv6Address)];

    public static NfTable Of(string name, IReadOnlyCollection<PortPlace> places)
    {
        ILookup<string, NfElement> elements = places.SelectMany(Bound).Concat(places.SelectMany(Owned).DistinctBy(o => o.Value).Select(o => (o.Set, o.Element))).ToLookup(e => e.Set, e => e.Element);
        return new NfTable(NfFamily.Bridge, name, [Chain()])
        {
            Sets =
            [
                new NfSet(Ports, [NfType.InterfaceName], [.. elements[Ports]]),
                .. Kinds.SelectMany(k => (NfSet[])
                [
                    new NfSet(k.Kind, [k.Type], [.. elements[k.Kind]]),
                    new NfSet(k.Kind + At, [NfType.InterfaceName, k.Type], [.. elements[k.Kind + At]]),
                ]),
            ],
        };
    }

    /// <summary>The elements that name a place's port, with their sets.</summary>
    public static IEnumerable<(string Set, NfElement Element)> Bound(PortPlace place)
    {
        var port = new NfValue.InterfaceName(place.Port);
        return Values(place).Select(v => (v.Kind + At, new NfElement(port, v.Value))).Prepend((Ports, new NfElement(port)));
    }

    /// <summary>What belongs to a place, and the element that says so: its hardware address and its addresses.</summary>
    public static IEnumerable<(string Set, NfElement Element, NfValue Value)> Owned(PortPlace place) => Values(place).Select(v => (v.Kind, new NfElement(v.Value), v.Value));

    private static IEnumerable<(string Kind, NfValue Value)> Values(PortPlace place) => place.Addresses
        .Select(a => (a.AddressFamily == AddressFamily.InterNetwork ? Four : Six, (NfValue)new NfValue.Address(a)))
        .Prepend((Hardware, new NfValue.HardwareAddress(Convert.ToHexString(place.HardwareAddress.ToBytes()))));

    private static NfChain Chain() => new("prerouting", "filter", NfHook.Prerouting, -300,
    [
        new NfRule("all but the ports of networks that keep theirs apart", new NfStatement.InSet(Ports, true, NfField.InputInterface), new NfStatement.Accept()),
        Rule("what is sent to that hardware address would come here", Hardware, NfField.HardwareSource),
        Rule("links are opened by it", Four, NfField.Ipv4Source),
        Rule("the host would send here what is for another", Four, NfField.ArpSender),
        Rule(null, Six, NfField.Ipv6Source),
        Rule(null, Six, NfField.AdvertisedNeighbour),
    ]);

    private static NfRule Rule(string? why, string kind, NfField field) =>
        new(why, new NfStatement.InSet(kind, false, field), new NfStatement.InSet(kind + At, true, NfField.InputInterface, field), new NfStatement.Drop());
}
