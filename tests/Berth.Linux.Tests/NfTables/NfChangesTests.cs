using System.Net;

using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Linux.Polling;

using CsCheck;

namespace Berth.Linux.Tests.NfTables;

/// <summary>Who changes the firewall is heard, and told from ourselves.</summary>
public sealed class NfChangesTests : IDisposable
{
    private static readonly NfSet Set = new("s", [NfType.Ipv4Address], new NfElement(new NfValue.Address(IPAddress.Parse("10.0.0.1"))));
    private static readonly NfTable Table = new(
        NfFamily.Inet, "t", [new NfChain("c", "filter", NfHook.Forward, 0, [new NfRule(null, new NfStatement.Accept())])]) { Sets = [Set] };

    private readonly TestSpace _space = new();
    private readonly NfChanges _changes;

    public NfChangesTests() => _changes = _space.Run(NfChanges.Listen);

    public void Dispose()
    {
        _changes.Dispose();
        _space.Dispose();
    }

    [Fact]
    public void OwnChangesAreKnownByTheirSocket()
    {
        new NfTransaction().Replace(Table).Commit(_space.Netfilter);
        Assert.Empty(Read(_space.Netfilter.Port));

        using NetlinkSocket other = _space.Open(Libc.NETLINK_NETFILTER);
        Assert.NotEqual(other.Port, _space.Netfilter.Port);
        new NfTransaction().Replace(Table).Commit(other);
        new NfTransaction().FlushChain(NfFamily.Inet, "t", "c").Commit(_space.Netfilter);
        List<NfChange> all = Read();
        Assert.Equal([other.Port, _space.Netfilter.Port], all.Select(c => c.Port).Distinct());
        Assert.Equal(new NfChange(NfChangeKind.RuleRemoved, NfFamily.Inet, "t", "c", _space.Netfilter.Port), all[^1] with { Program = "", Pid = 0 });
        Assert.Contains(all, c => c is { Kind: NfChangeKind.ElementsAdded, Table: "t", Name: "s" });
        Assert.Contains(all, c => c is { Kind: NfChangeKind.SetAdded, Table: "t", Name: "s" });
    }

    [Theory]
    [InlineData("flush ruleset", NfChangeKind.TableRemoved, "")]
    [InlineData("delete table inet t", NfChangeKind.TableRemoved, "")]
    [InlineData("flush table inet t", NfChangeKind.RuleRemoved, "c")]
    [InlineData("flush chain inet t c", NfChangeKind.RuleRemoved, "c")]
    [InlineData("flush set inet t s", NfChangeKind.ElementsRemoved, "s")]
    [InlineData("delete set inet t s", NfChangeKind.SetRemoved, "s")]
    [InlineData("add table inet u", NfChangeKind.TableAdded, "")]
    [InlineData("add chain inet t c { policy drop ; }", NfChangeKind.ChainAdded, "c")]
    [InlineData("add rule inet t c drop", NfChangeKind.RuleAdded, "c")]
    public void WhatOthersDoIsToldWithTheirName(string command, NfChangeKind kind, string name)
    {
        new NfTransaction().Replace(Table).Commit(_space.Netfilter);
        _space.Program("nft", command);
        Span<PollItem> items = [new() { Number = _changes.Number, Wanted = PollEvents.Readable }];
        Assert.Equal(1, Poll.Wait(items, 30_000));
        List<NfChange> others = Read(_space.Netfilter.Port);
        NfChange change = Assert.Single(others, c => c.Kind == kind && c.Name == name);
        Assert.Equal((NfFamily.Inet, command.Contains('u') && kind == NfChangeKind.TableAdded ? "u" : "t"), (change.Family, change.Table));
        Assert.All(others, c => Assert.Equal("nft", c.Program));
        Assert.All(others, c => Assert.NotEqual(0, c.Pid));
    }

    [Fact]
    public void NothingIsHeardOfOtherNamespaces()
    {
        using var other = new TestSpace();
        new NfTransaction().Replace(Table).Commit(other.Netfilter);
        Assert.Empty(Read());
    }

    [Fact]
    public void WhatWasLostIsSaid()
    {
        var change = new List<NfChange>();
        bool complete = true;
        new NfTransaction().Replace(Table).Commit(_space.Netfilter);
        for (int i = 0; i < 1000 && complete; i++)
        {
            // Unread: several megabytes of notifications, until the buffer runs over.
            for (int k = 0; k < 20; k++)
            {
                new NfTransaction().Add(NfFamily.Inet, "t", "s", Many(i * 20 + k)).FlushSet(NfFamily.Inet, "t", "s").Commit(_space.Netfilter);
            }

            Span<PollItem> items = [new() { Number = _changes.Number, Wanted = PollEvents.Readable }];
            Poll.Wait(items, 0);
            complete = (items[0].Found & PollEvents.Error) == 0;
        }

        Assert.False(_changes.Read(change));
        change.Clear();
        Assert.True(_changes.Read(change)); // from here on it is whole again
        Assert.Empty(change);
        _space.Program("nft", "flush ruleset");
        Assert.NotEmpty(Read());
    }

    [Fact]
    public void NoBytesMakeTheParserFail() => Gen.Byte.Array[20, 200].Sample(bytes =>
    {
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)(Libc.NFNL_SUBSYS_NFTABLES << 8 | bytes[4] % 20));
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryRead(ref rest, out NetlinkMessage message));
        _ = NfChanges.Parse(message);
    });

    private static NfElement[] Many(int seed) => [.. Enumerable.Range(0, 500).Select(i => new NfElement(
        new NfValue.Address(new IPAddress([11, (byte)seed, (byte)(i >> 8), (byte)i]))))];

    private List<NfChange> Read(params uint[] own)
    {
        var changes = new List<NfChange>();
        Assert.True(_changes.Read(changes, own));
        return changes;
    }
}
