using System.Net;

using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>The firewall of a bridge as data: one table, so that one look shows all that this daemon does to packets.</summary>
internal static class BridgeFirewall
{
    private static readonly IPNetwork Loopback = new(IPAddress.Parse("127.0.0.0"), 8);

    public static string TableName(string bridge) => $"berth-{bridge}";

    /// <summary>The table for a bridge and its subnet.</summary>
    public static NfTable Table(string bridge, IPNetwork subnet)
    {
        var from = new NfStatement.Interface(Input: true, bridge);
        var to = new NfStatement.Interface(Input: false, bridge);
        return new NfTable(NfFamily.Inet, TableName(bridge),
        [
            new NfChain("raw-prerouting", "filter", NfHook.Prerouting, -300,
            [
                // With route_localnet a container would reach services that listen on the host's loopback only: CVE-2020-8558.
                new NfRule("containers never reach the host's loopback", from, new NfStatement.Address(Source: false, Loopback), new NfStatement.Drop()),
            ]),
            new NfChain("forward", "filter", NfHook.Forward, 0,
            [
                new NfRule("answers", to, new NfStatement.Established(), new NfStatement.Accept()),
                new NfRule("containers reach the outside and each other", from, new NfStatement.Accept()),
                new NfRule("nobody else reaches a container", to, new NfStatement.Drop()),
            ]),
            new NfChain("postrouting", "nat", NfHook.Postrouting, 100,
            [
                new NfRule("the host's address outside", new NfStatement.Address(Source: true, subnet), new NfStatement.Interface(Input: false, bridge, Not: true), new NfStatement.Masquerade()),
            ]),
        ]);
    }
}
