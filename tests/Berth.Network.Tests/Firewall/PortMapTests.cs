using System.Net;
using System.Net.Sockets;

using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Tests.Firewall;

/// <summary>Maps that rules look packets up in, against nft's own reading of what the kernel holds.</summary>
public sealed class PortMapTests : IDisposable
{
    private static readonly NfMap Any = new("any4", [NfType.Protocol, NfType.Port], [NfType.Ipv4Address, NfType.Port], Element(80, "172.17.0.2", 8080));

    private static readonly NfTable Table = new(NfFamily.Inet, "t",
    [
        new NfChain("pre", "nat", NfHook.Prerouting, -100, [new NfRule(null, new NfStatement.ToThisHost(), new NfStatement.Jump("ports"))]),
        new NfChain("out", "nat", NfHook.Output, -100, [new NfRule("the host itself", new NfStatement.ToThisHost(), new NfStatement.Jump("ports"))]),
        new NfChain("ports",
        [
            new NfRule(null, new NfStatement.DestinationFrom("one4", Ipv6: false, ByAddress: true)),
            new NfRule(null, new NfStatement.DestinationFrom("any4", Ipv6: false, ByAddress: false)),
            new NfRule(null, new NfStatement.DestinationFrom("one6", Ipv6: true, ByAddress: true)),
            new NfRule(null, new NfStatement.DestinationFrom("any6", Ipv6: true, ByAddress: false)),
        ]),
        new NfChain("forw", "filter", NfHook.Forward, 0, [new NfRule(null, new NfStatement.Interface(Input: false, "b0"), new NfStatement.Translated(), new NfStatement.Accept())]),
    ])
    {
        Maps =
        [
            Any,
            new NfMap("one4", [NfType.Protocol, NfType.Ipv4Address, NfType.Port], [NfType.Ipv4Address, NfType.Port]),
            new NfMap("any6", [NfType.Protocol, NfType.Port], [NfType.Ipv6Address, NfType.Port]),
            new NfMap("one6", [NfType.Protocol, NfType.Ipv6Address, NfType.Port], [NfType.Ipv6Address, NfType.Port]),
        ],
    };

    private readonly TestHost _host = new();
    private readonly NetlinkSocket _socket;

    public PortMapTests() => _socket = NetworkNamespace.Run(_host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));

    public void Dispose()
    {
        _socket.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void TheKernelHoldsWhatWasWritten()
    {
        new NfTransaction().Replace(Table).Commit(_socket);
        Assert.Equal(Normal(Table.ToString()), Normal(List()));
    }

    [Fact]
    public void ElementsComeAndGoAlone()
    {
        NfElement udp = new([new NfValue.Protocol(ProtocolType.Udp), new NfValue.Port(53)], Any.Elements[0].Value);
        NfElement sctp = new([new NfValue.Protocol(NfValue.Protocol.Sctp), new NfValue.Port(9)], Any.Elements[0].Value);
        var six = new NfElement(
            [new NfValue.Protocol(ProtocolType.Tcp), new NfValue.Address(IPAddress.Parse("fd00::1")), new NfValue.Port(80)],
            [new NfValue.Address(IPAddress.Parse("fd00::2")), new NfValue.Port(8080)]);
        new NfTransaction().Replace(Table).Commit(_socket);
        new NfTransaction().Add(NfFamily.Inet, "t", "any4", udp, sctp).Add(NfFamily.Inet, "t", "one6", six).Commit(_socket);
        string held = List();
        Assert.Contains("udp . 53 : 172.17.0.2 . 8080", held, StringComparison.Ordinal);
        Assert.Contains("sctp . 9 : 172.17.0.2 . 8080", held, StringComparison.Ordinal);
        Assert.Contains("tcp . fd00::1 . 80 : fd00::2 . 8080", held, StringComparison.Ordinal);
        new NfTransaction().Remove(NfFamily.Inet, "t", "any4", udp, sctp).Remove(NfFamily.Inet, "t", "one6", six).Commit(_socket);
        Assert.Equal(Normal(Table.ToString()), Normal(List()));
    }

    [Fact]
    public void AKeyHasOneValue()
    {
        new NfTransaction().Replace(Table).Commit(_socket);
        Linux.LinuxException refused = Assert.Throws<Linux.LinuxException>(
            () => new NfTransaction().Add(NfFamily.Inet, "t", "any4", Element(81, "172.17.0.3", 1)).Add(NfFamily.Inet, "t", "any4", Element(80, "172.17.0.3", 1)).Commit(_socket));
        Assert.Equal(Linux.Errno.EEXIST, refused.Errno);
        Assert.Equal(Normal(Table.ToString()), Normal(List()));
    }

    [Fact]
    public void ManyElementsAreOneTransaction()
    {
        NfElement[] many = [.. Enumerable.Range(1000, 2000).Select(static port => Element((ushort)port, "172.17.0.2", (ushort)port))];
        new NfTransaction().Replace(Table).Add(NfFamily.Inet, "t", "any4", many).Commit(_socket);

        // What is listed while the kernel still widens its hash table, which it does behind the transaction, may lack some (rhashtable_walk_start).
        string held = "";
        bool Holds(string list) => many.All(element => list.Contains(element.ToString(), StringComparison.Ordinal));
        SpinWait.SpinUntil(() => Holds(held = List()), TimeSpan.FromSeconds(10));
        Assert.All(many, element => Assert.Contains(element.ToString(), held, StringComparison.Ordinal));
    }

    private static NfElement Element(ushort port, string address, ushort inside) => new(
        [new NfValue.Protocol(ProtocolType.Tcp), new NfValue.Port(port)], [new NfValue.Address(IPAddress.Parse(address)), new NfValue.Port(inside)]);

    // How nft breaks lines is its own matter.
    private static string[] Normal(string text) => text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private string List() => _host.RunProgram("nft", "list", "ruleset");
}
