using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

using CsCheck;

namespace Berth.Linux.Tests.NfTables;

/// <summary>Changes of a table that stands, each in a namespace of its own.</summary>
public sealed class NfTransactionTests : IDisposable
{
    private static readonly NfSet Allowed = new("allowed", [NfType.InterfaceName, NfType.Ipv4Address]) { Timeouts = true };
    private static readonly NfRule Refuse = new(
        null, new NfStatement.InSet("allowed", Not: true, NfField.OutputInterface, NfField.Ipv4Destination), new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.Reject());

    private readonly TestSpace _space = new();

    public NfTransactionTests() => new NfTransaction()
        .Replace(new NfTable(NfFamily.Inet, "t", [new NfChain("out", "filter", NfHook.Output, 0, [Refuse])]) { Sets = [Allowed] })
        .Commit(_space.Netfilter);

    public void Dispose() => _space.Dispose();

    [Fact]
    public void AnElementGetsANewLifetimeAndLosesIt()
    {
        Commit(t => t.Add(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100), Element("10.0.0.2", null)));
        Commit(t => t.Refresh(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100), Element("10.0.0.2", 60), Element("10.0.0.3", 3600)));
        Assert.InRange(Expires("10.0.0.1"), 40, 100);
        Assert.InRange(Expires("10.0.0.2"), 20, 60);
        Assert.InRange(Expires("10.0.0.3"), 3500, 3600);

        Commit(t => t.Refresh(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 1000), Element("10.0.0.2", null)));
        Assert.InRange(Expires("10.0.0.1"), 900, 1000);
        Assert.Equal(-1, Expires("10.0.0.2")); // for ever
        Assert.InRange(Expires("10.0.0.3"), 3500, 3600);

        // Adding alone leaves an element as it is on every kernel up to 6.11; later ones take the new time. Refresh is the same on all.
        Commit(t => t.Refresh(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 10)));
        Assert.InRange(Expires("10.0.0.1"), 0, 10);
    }

    [Fact]
    public void TheSameLifetimeBeginsAnew()
    {
        _space.Program("nft", "add element inet t allowed { \"b0\" . 10.0.0.1 timeout 100s expires 10s }");
        Assert.InRange(Expires("10.0.0.1"), 0, 10);
        Commit(t => t.Refresh(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100)));
        Assert.InRange(Expires("10.0.0.1"), 40, 100);
    }

    [Fact]
    public void WhatMayBeGoneIsRemoved()
    {
        Commit(t => t.Add(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100)));
        Commit(t => t.RemoveIfThere(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100), Element("10.0.0.2", 100), Element("10.0.0.3", null)));
        Assert.DoesNotContain("10.0.0.", List(), StringComparison.Ordinal);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Commit(t => t.Remove(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100)))).Errno);
    }

    [Fact]
    public async Task AnElementEndsByItselfAsync()
    {
        Assert.Equal(SocketError.HostUnreachable, Connect()); // by the rule: nobody else says so
        Commit(t => t.Add(NfFamily.Inet, "t", "allowed", new NfElement(new NfValue.InterfaceName("lo"), new NfValue.Address(IPAddress.Loopback)) { Timeout = TimeSpan.FromSeconds(2) }));
        SocketError first = Connect(), last = first;
        while (last == SocketError.Success)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            last = Connect();
        }

        Assert.Equal((SocketError.Success, SocketError.HostUnreachable), (first, last));
        Commit(t => t.RemoveIfThere(NfFamily.Inet, "t", "allowed", new NfElement(new NfValue.InterfaceName("lo"), new NfValue.Address(IPAddress.Loopback))));
        Commit(t => t.Add(NfFamily.Inet, "t", "allowed", new NfElement(new NfValue.InterfaceName("lo"), new NfValue.Address(IPAddress.Loopback))));
        Assert.Equal(SocketError.Success, Connect());
    }

    [Fact]
    public void ANetworkComesAndGoesWithoutTheTableBeingReplaced()
    {
        string before = List();
        var set = new NfSet("more", [NfType.InterfaceName], new NfElement(new NfValue.InterfaceName("b1")));
        var map = new NfMap("ports", [NfType.Protocol, NfType.Port], [NfType.Ipv4Address, NfType.Port]);
        var chain = new NfChain("net1", [new NfRule("one", new NfStatement.InSet("more", Not: false, NfField.InputInterface), new NfStatement.Jump("net2"))]);
        var other = new NfChain("net2", [new NfRule("two", new NfStatement.Accept())]);
        Commit(t => t.AddTable(NfFamily.Inet, "t").AddSet(NfFamily.Inet, "t", set).AddMap(NfFamily.Inet, "t", map).AddChains(NfFamily.Inet, "t", chain, other)
            .Append(NfFamily.Inet, "t", "out", new NfRule("last", new NfStatement.Jump("net1"))));
        string with = List();
        Assert.Contains(other.ToString(), with, StringComparison.Ordinal);
        Assert.Contains(chain.ToString(), with, StringComparison.Ordinal);
        Assert.Contains("map ports", with, StringComparison.Ordinal);
        Assert.Matches("reject with icmpx admin-prohibited\n\t\tjump net1 comment \"last\"\n", with);

        ulong handle = Assert.Single(_space.Netfilter.Rules(NfFamily.Inet), r => r.Comment == "last").Handle;
        Commit(t => t.DeleteRule(NfFamily.Inet, "t", "out", handle).DeleteChain(NfFamily.Inet, "t", "net1").DeleteChain(NfFamily.Inet, "t", "net2")
            .DeleteSet(NfFamily.Inet, "t", "more").DeleteSet(NfFamily.Inet, "t", "ports"));
        Assert.Equal(before, List());
    }

    [Fact]
    public void ChainsAndSetsAreEmptied()
    {
        Commit(t => t.Add(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100))
            .FlushSet(NfFamily.Inet, "t", "allowed").FlushChain(NfFamily.Inet, "t", "out")
            .Append(NfFamily.Inet, "t", "out", new NfRule("new", new NfStatement.Accept())));
        Assert.DoesNotContain("10.0.0.1", List(), StringComparison.Ordinal);
        Assert.Equal("new", Assert.Single(_space.Netfilter.Rules(NfFamily.Inet)).Comment);
        Commit(t => t.FlushSet(NfFamily.Inet, "t", "allowed")); // empty already
    }

    [Fact]
    public void AChainInUseIsNotRemoved()
    {
        Commit(t => t.AddChains(NfFamily.Inet, "t", new NfChain("used", [])).Append(NfFamily.Inet, "t", "out", new NfRule(null, new NfStatement.Jump("used"))));
        LinuxException refused = Assert.Throws<LinuxException>(() => Commit(t => t.DeleteChain(NfFamily.Inet, "t", "used")));
        Assert.Equal(Errno.EBUSY, refused.Errno);
        Assert.Contains("delete chain t used", refused.Target, StringComparison.Ordinal);
        Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => Commit(t => t.DeleteSet(NfFamily.Inet, "t", "allowed"))).Errno);
    }

    [Fact]
    public void ManyElementsFitIntoOneTransaction()
    {
        NfElement[] many = [.. Enumerable.Range(0, 10_000).Select(static i => new NfElement(
            new NfValue.InterfaceName("b0"), new NfValue.Address(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]))) { Timeout = TimeSpan.FromHours(1) })];
        Commit(t => t.Refresh(NfFamily.Inet, "t", "allowed", many));
        Assert.Equal(many.Length, Regex.Count(List(), "expires"));
    }

    [Fact]
    public void AFullSetTakesNoMoreButRefreshesWhatItHas()
    {
        var set = new NfSet("full", [NfType.InterfaceName, NfType.Ipv4Address], Element("10.0.0.1", 100), Element("10.0.0.2", 100)) { Timeouts = true, Size = 2 };
        Commit(t => t.AddSet(NfFamily.Inet, "t", set));
        Assert.Equal(Errno.ENFILE, Assert.Throws<LinuxException>(() => Commit(t => t.Refresh(NfFamily.Inet, "t", "full", Element("10.0.0.3", 1)))).Errno);
        Commit(t => t.Refresh(NfFamily.Inet, "t", "full", Element("10.0.0.1", 1000), Element("10.0.0.2", 1000)));
        Assert.InRange(Expires("10.0.0.2"), 900, 1000);
    }

    [Fact]
    public void ElementsAreListedWithWhatIsLeftOfTheirTime()
    {
        var map = new NfMap("ports", [NfType.Protocol, NfType.Ipv6Address, NfType.Port], [NfType.Ipv6Address, NfType.Port], new NfElement(
            [new NfValue.Protocol(ProtocolType.Udp), new NfValue.Address(IPAddress.Parse("fd00::1")), new NfValue.Port(53)],
            [new NfValue.Address(IPAddress.Parse("fd00::2")), new NfValue.Port(5353)]));
        var names = new NfSet("names", [NfType.InterfaceName], new NfElement(new NfValue.InterfaceName("a-long-name-15b")));
        var protocols = new NfSet("protocols", [NfType.Port, NfType.Protocol], new NfElement(new NfValue.Port(80), new NfValue.Protocol(ProtocolType.Tcp)));
        Commit(t => t.AddMap(NfFamily.Inet, "t", map).AddSet(NfFamily.Inet, "t", names).AddSet(NfFamily.Inet, "t", protocols)
            .Add(NfFamily.Inet, "t", "allowed", Element("10.0.0.1", 100), Element("10.0.0.2", null)));
        Assert.Equal([map.Elements[0].ToString()], _space.Netfilter.Elements(NfFamily.Inet, "t", map).Select(e => e.ToString()));
        Assert.Equal([names.Elements[0].ToString()], _space.Netfilter.Elements(NfFamily.Inet, "t", names).Select(e => e.ToString()));
        Assert.Equal([protocols.Elements[0].ToString()], _space.Netfilter.Elements(NfFamily.Inet, "t", protocols).Select(e => e.ToString()));
        List<NfElement> allowed = [.. _space.Netfilter.Elements(NfFamily.Inet, "t", Allowed).OrderBy(e => e.Timeout ?? TimeSpan.MaxValue)];
        Assert.InRange(allowed[0].Timeout!.Value.TotalSeconds, 40, 100);
        Assert.Equal(["\"b0\" . 10.0.0.1", "\"b0\" . 10.0.0.2"], allowed.Select(e => (e with { Timeout = null }).ToString()));
        Assert.Null(allowed[1].Timeout);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => _space.Netfilter.Elements(NfFamily.Inet, "t", new NfSet("none", [NfType.Port]))).Errno);
    }

    [Fact]
    public void NoBytesMakeTheElementsParserFail() => Gen.Byte.Array[20, 200].Sample(bytes =>
    {
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)(Libc.NFNL_SUBSYS_NFTABLES << 8 | Libc.NFT_MSG_NEWSETELEM));
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        Assert.NotNull(NfElementListing.Parse(message, [NfType.InterfaceName], [NfType.Port]));
        foreach (NfType type in Enum.GetValues<NfType>())
        {
            _ = NfValue.Parse(bytes, [type, NfType.Port, type]);
            _ = NfValue.Parse(bytes.AsSpan(0, bytes[0] % 20), [type]);
        }
    });

    private static NfElement Element(string address, int? seconds) => new(new NfValue.InterfaceName("b0"), new NfValue.Address(IPAddress.Parse(address)))
    {
        Timeout = seconds is { } s ? TimeSpan.FromSeconds(s) : null,
    };

    private void Commit(Func<NfTransaction, NfTransaction> change) => change(new NfTransaction()).Commit(_space.Netfilter);

    private string List() => _space.Program("nft", "list", "ruleset");

    private string Line(string address) => Assert.Single(List().Split('\n'), line => line.Contains(address, StringComparison.Ordinal));

    /// <summary>Seconds left; -1: for ever.</summary>
    private int Expires(string address)
    {
        Match match = Regex.Match(Line(address), @"expires (?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?");
        return !match.Success ? -1 : Part(1) * 3600 + Part(2) * 60 + Part(3);

        int Part(int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
    }

    private SocketError Connect() => _space.Run(() =>
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(listener.LocalEndPoint!);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    });
}
