using System.Net;
using System.Net.Sockets;

using Berth.Linux.NfTables;

namespace Berth.Linux.Tests.NfTables;

/// <summary>What is written, against nft's own reading of what the kernel holds.</summary>
public sealed class NfTableTests : IDisposable
{
    private static readonly NfValue Bridge = new NfValue.InterfaceName("b0");
    private static readonly NfValue Four = new NfValue.Address(IPAddress.Parse("10.1.2.3"));
    private static readonly NfValue Six = new NfValue.Address(IPAddress.Parse("fd00::2"));
    private static readonly NfStatement.Accept Accept = new();

    private readonly TestSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public void SetsAndLookups() => HoldsAsWritten(new NfTable(NfFamily.Inet, "t",
    [
        new NfChain("c",
        [
            new NfRule(null, In("bridges", NfField.InputInterface), Not("bridges", NfField.OutputInterface), Accept),
            new NfRule(null, In("pairs", NfField.InputInterface, NfField.OutputInterface), Accept),
            new NfRule(null, Not("allowed4", NfField.InputInterface, NfField.Ipv4Destination), new NfStatement.Reject()),
            new NfRule("six", Not("allowed6", NfField.InputInterface, NfField.Ipv6Destination), new NfStatement.Reject()),
            new NfRule(null, In("links", NfField.Ipv4Source, NfField.Ipv4Destination, NfField.Protocol, NfField.DestinationPort), Accept),
            new NfRule(null, In("links", NfField.Ipv4Destination, NfField.Ipv4Source, NfField.Protocol, NfField.SourcePort), Accept),
            new NfRule(null, In("ports", NfField.Protocol, NfField.DestinationPort), Accept),
        ]),
    ])
    {
        Maps = [new NfMap("m", [NfType.Protocol, NfType.Port], [NfType.Ipv4Address, NfType.Port])],
        Sets =
        [
            new NfSet("bridges", [NfType.InterfaceName], new NfElement(Bridge)),
            new NfSet("pairs", [NfType.InterfaceName, NfType.InterfaceName], new NfElement(Bridge, new NfValue.InterfaceName("a-long-name-15b"))),
            new NfSet("allowed4", [NfType.InterfaceName, NfType.Ipv4Address], new NfElement(Bridge, Four)) { Timeouts = true },
            new NfSet("allowed6", [NfType.InterfaceName, NfType.Ipv6Address], new NfElement(Bridge, Six)) { Timeouts = true, Size = 1000 },
            new NfSet("links", [NfType.Ipv4Address, NfType.Ipv4Address, NfType.Protocol, NfType.Port],
                new NfElement(Four, Four, new NfValue.Protocol(ProtocolType.Tcp), new NfValue.Port(80))),
            new NfSet("ports", [NfType.Protocol, NfType.Port]),
        ],
    });

    [Fact]
    public void Conditions() => HoldsAsWritten(new NfTable(NfFamily.Inet, "t",
    [
        new NfChain("c",
        [
            new NfRule(null, Address("fd00::/64", source: true), Address("fd00::1/128", source: false), Accept),
            new NfRule(null, Address("fd00:0:0:10::/60", source: true, not: true), Accept),
            new NfRule(null, Address("10.0.0.0/12", source: true), Address("10.1.0.0/16", source: false, not: true), Accept),
            new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 53), new NfStatement.Return()),
            new NfRule(null, new NfStatement.Port(ProtocolType.Tcp, 22, Source: true, Not: true), new NfStatement.Reset()),
            new NfRule(null, new NfStatement.Port(NfValue.Protocol.Sctp, 1024, Source: true), new NfStatement.Port(NfValue.Protocol.Sctp, 9), Accept),
            new NfRule(null, new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.Reset()),
            new NfRule(null, new NfStatement.Marked(5), new NfStatement.Marked(7, Connection: true), Accept),
            new NfRule(null, new NfStatement.Marked(5, 0xff), new NfStatement.Marked(0x100, 0xff00, Connection: true), Accept),
            new NfRule(null, new NfStatement.ForTransparentSocket(), new NfStatement.SetMark(1), new NfStatement.SetMark(2, Connection: true), Accept),
            new NfRule(null, new NfStatement.CopyMark()),
            new NfRule(null, new NfStatement.CopyMark(ToConnection: true)),
            new NfRule("told", new NfStatement.Limit(10), new NfStatement.Log(5, "egress abc"), new NfStatement.Drop()),
            new NfRule(null, new NfStatement.Limit(10, 20), Accept),
        ]),
    ]));

    [Fact]
    public void HooksAndTranslations() => HoldsAsWritten(new NfTable(NfFamily.Inet, "t",
    [
        new NfChain("pre", "nat", NfHook.Prerouting, -100,
        [
            new NfRule(null, new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.DestinationTo(IPAddress.Parse("10.0.0.1"), 80)),
            new NfRule(null, new NfStatement.Protocol(ProtocolType.Tcp), new NfStatement.DestinationTo(IPAddress.Parse("fd00::1"), 80)),
            new NfRule(null, new NfStatement.DestinationTo(IPAddress.Parse("10.0.0.1"))),
            new NfRule(null, new NfStatement.Port(ProtocolType.Udp, 53), new NfStatement.Redirect(5353)),
        ]),
        new NfChain("out", "nat", NfHook.Output, -100, [new NfRule(null, new NfStatement.DestinationTo(IPAddress.Parse("fd00::1")))]),
        new NfChain("mark", "route", NfHook.Output, -150, [new NfRule(null, new NfStatement.SetMark(1))]),
        new NfChain("in", "filter", NfHook.Input, 0, [new NfRule(null, new NfStatement.ForTransparentSocket(), Accept)]),
        new NfChain("to", "filter", NfHook.Prerouting, -150, [new NfRule(null, new NfStatement.ForTransparentSocket(), new NfStatement.SetMark(1))]),
        new NfChain("post", "nat", NfHook.Postrouting, 100,
        [
            new NfRule(null, new NfStatement.SourceTo(IPAddress.Parse("10.0.0.1"))),
            new NfRule(null, new NfStatement.SourceTo(IPAddress.Parse("fd00::1"))),
        ]),
    ]));

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        Assert.Contains("sixteen-letters-", Assert.Throws<LinuxException>(() => new NfTransaction().AddSet(
            NfFamily.Inet, "t", new NfSet("s", [NfType.InterfaceName], new NfElement(new NfValue.InterfaceName("sixteen-letters-"))))).Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(
            () => new NfTransaction().Append(NfFamily.Ip, "filter", "FORWARD", new NfRule(null, new NfStatement.Reject()))).Errno);
    }

    private void HoldsAsWritten(NfTable table)
    {
        new NfTransaction().Replace(table).Commit(_space.Netfilter);
        Assert.Equal(Normal(table.ToString()), Normal(_space.Program("nft", "list", "ruleset")));
    }

    private static NfStatement.InSet In(string set, params NfField[] fields) => new(set, Not: false, fields);

    private static NfStatement.InSet Not(string set, params NfField[] fields) => new(set, Not: true, fields);

    private static NfStatement.Address Address(string subnet, bool source, bool not = false) => new(source, IPNetwork.Parse(subnet), not);

    // How nft breaks lines is its own matter.
    private static string Normal(string text) => string.Join('\n', text.Split('\n').Select(static line => string.Join(' ', line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))).Where(static line => line != ""));
}
