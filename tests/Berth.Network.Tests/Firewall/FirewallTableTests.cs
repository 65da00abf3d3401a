using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Ports;

namespace Berth.Network.Tests.Firewall;

public sealed class FirewallTableTests
{
    private static readonly NfTable Table = FirewallTable.Of("berth0", new FirewallState
    {
        Networks =
        [
            // As nft orders them: by length, then from their ends.
            new FirewalledNetwork("berth0", [IPNetwork.Parse("172.30.0.0/16")], Internal: false, InterContainer: true, Masquerade: true, EgressLimited: false),
            new FirewalledNetwork("br-routed", [IPNetwork.Parse("10.3.0.0/24"), IPNetwork.Parse("fd03::/64")], Internal: false, InterContainer: true, Masquerade: true, EgressLimited: false)
            {
                Ipv4Mode = GatewayMode.Routed, Ipv6Mode = GatewayMode.NatUnprotected,
            },
            new FirewalledNetwork("br-inside", [IPNetwork.Parse("10.1.0.0/24")], Internal: true, InterContainer: true, Masquerade: true, EgressLimited: false),
            new FirewalledNetwork("br-strict", [IPNetwork.Parse("10.2.0.0/24"), IPNetwork.Parse("fd02::/64")], Internal: false, InterContainer: false, Masquerade: true, EgressLimited: true),
            new FirewalledNetwork("br-trusting", [IPNetwork.Parse("10.4.0.0/24")], Internal: false, InterContainer: true, Masquerade: true, EgressLimited: false)
            {
                TrustedInterfaces = ["wg0"], SourceIpv4 = IPAddress.Parse("192.0.2.7"),
            },
        ],
        Opened = [new OpenedPort(ProtocolType.Tcp, IPAddress.Parse("10.3.0.2"), 80), new OpenedPort(ProtocolType.Udp, IPAddress.Parse("fd03::2"), 53)],
        Ports =
        [
            new PortTranslation(ProtocolType.Tcp, IPAddress.Any, 8080, IPAddress.Parse("172.30.0.2"), 80),
            new PortTranslation(ProtocolType.Udp, IPAddress.Parse("192.0.2.1"), 53, IPAddress.Parse("172.30.0.3"), 5353),
            new PortTranslation(ProtocolType.Tcp, IPAddress.IPv6Any, 8080, IPAddress.Parse("fd02::2"), 80),
            new PortTranslation(ProtocolType.Tcp, IPAddress.Any, 8081, IPAddress.Parse("10.2.0.3"), 80),
            new PortTranslation(ProtocolType.Udp, IPAddress.Parse("192.0.2.1"), 54, IPAddress.Parse("10.2.0.3"), 5353),
            new PortTranslation(ProtocolType.Udp, IPAddress.Parse("2001:db8::1"), 53, IPAddress.Parse("fd02::2"), 53),
        ],
        Pairs =
        [
            new AllowedPair(IPAddress.Parse("10.2.0.2"), IPAddress.Parse("10.2.0.3"), ProtocolType.Tcp, 3306),
            new AllowedPair(IPAddress.Parse("fd02::2"), IPAddress.Parse("fd02::3"), ProtocolType.Tcp, 3306),
        ],
    });

    [Fact]
    public void TheKernelHoldsWhatWasWrittenAlsoWhenWrittenTwice()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        new NfTransaction().Replace(Table).Commit(socket);
        new NfTransaction().Replace(Table).Commit(socket);
        Assert.Equal(Normal(Table.ToString()), Normal(host.RunProgram("nft", "list", "ruleset")));
        new NfTransaction().Delete(Table.Family, Table.Name).Commit(socket);
        Assert.Empty(socket.Tables(NfFamily.Inet));
    }

    /// <summary>What leaves a routed subnet keeps its address; the network's other subnet does not.</summary>
    [Fact]
    public void ARoutedSubnetIsNotMasqueraded()
    {
        string[] outside = [.. Table.Chains.Single(static c => c.Name == "postrouting").Rules.Select(static r => r.ToString()).Where(static r => r.Contains("!= @bridges", StringComparison.Ordinal))];
        Assert.DoesNotContain(outside, static r => r.Contains("10.3.0.0/24", StringComparison.Ordinal));
        Assert.Contains(outside, static r => r.Contains("fd03::/64", StringComparison.Ordinal));
    }

    /// <summary>A link opens its ports in each family that both ends have.</summary>
    [Fact]
    public void ALinkIsOpenInEveryFamilyOfBothEnds()
    {
        Endpoint Place(string? four, string? six) => new()
        {
            Id = "", NetworkId = "", ContainerId = "", MacAddress = default,
            Address = four is null ? null : IPAddress.Parse(four), Ipv6Address = six is null ? null : IPAddress.Parse(six),
        };
        Endpoint both = Place("10.2.0.2", "fd02::2"), alsoBoth = Place("10.2.0.3", "fd02::3"), four = Place("10.2.0.4", null), six = Place(null, "fd02::4");
        LinkedPort[] ports = [new(ProtocolType.Tcp, 80), new(ProtocolType.Udp, 53)];
        (string, string, ProtocolType, ushort)[] Of(Endpoint from, Endpoint to) => [.. AllowedPair.Of(new LinkedPorts(from, to, ports)).Select(p => ($"{p.From}", $"{p.To}", p.Protocol, p.Port))];
        Assert.Equal(
            [("10.2.0.2", "10.2.0.3", ProtocolType.Tcp, 80), ("10.2.0.2", "10.2.0.3", ProtocolType.Udp, 53), ("fd02::2", "fd02::3", ProtocolType.Tcp, 80), ("fd02::2", "fd02::3", ProtocolType.Udp, 53)],
            Of(both, alsoBoth));
        Assert.Equal(["10.2.0.4"], Of(four, both).Select(p => p.Item1).Distinct());
        Assert.Equal(["fd02::4"], Of(both, six).Select(p => p.Item2).Distinct());
        Assert.Empty(Of(four, six));
        Assert.Equal("pairs6", FirewallTable.Element(AllowedPair.Of(new LinkedPorts(both, six, ports)).First()).Set);
    }

    [Fact]
    public void ATransactionThatFailsChangesNothingAndSaysWhichPartFailed()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        NfTransaction transaction = new NfTransaction().Replace(Table)
            .Insert(NfFamily.Ip, "nowhere", "input", new NfRule(null, new NfStatement.Accept()));
        Linux.LinuxException failure = Assert.Throws<Linux.LinuxException>(() => transaction.Commit(socket));
        Assert.Equal(Linux.Errno.ENOENT, failure.Errno);
        Assert.Contains("nowhere", failure.Target, StringComparison.Ordinal);
        Assert.Empty(socket.Tables(NfFamily.Inet));
        new NfTransaction().Replace(Table).Commit(socket); // the socket is none the worse
        Assert.Equal([Table.Name], socket.Tables(NfFamily.Inet));
    }

    // White space is nobody's concern.
    private static string Normal(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
