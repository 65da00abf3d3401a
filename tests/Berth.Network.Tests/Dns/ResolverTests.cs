using Berth.Network.Dns;
using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Messages;
using Berth.Network.Dns.Names;

namespace Berth.Network.Tests.Dns;

public sealed class ResolverTests
{
    private readonly DnsClient _client = TestClients.Two();

    private static (Verdict Verdict, Reply? Reply) Ask(DnsClient client, byte[] message, int room = 512)
    {
        Assert.True(Query.TryRead(message, out Query query));
        byte[] target = new byte[room];
        Verdict verdict = Resolver.Resolve(query, client, target, out int length);
        return (verdict, length == 0 ? null : TestMessage.Read(target[..length]));
    }

    private Reply Answer(string name, ushort type)
    {
        (Verdict verdict, Reply? reply) = Ask(_client, TestMessage.Query(name, type));
        Assert.Equal(Verdict.Answered, verdict);
        return reply!;
    }

    [Theory]
    [InlineData("web", "10.0.0.2")]
    [InlineData("WEB.", "10.0.0.2")]
    [InlineData("0123456789ab", "10.0.0.2")]
    [InlineData("web.front", "10.0.0.2")]
    [InlineData("web.FRONT.", "10.0.0.2")]
    [InlineData("db", "10.1.0.2")]
    [InlineData("db.back.net", "10.1.0.2")]
    [InlineData("store", "10.1.0.2")]
    [InlineData("store.back.net", "10.1.0.2")]
    public void KnownNamesAreAnswered(string name, string address)
    {
        Reply reply = Answer(name, TestMessage.A);
        ReplyRecord record = Assert.Single(reply.Records);
        Assert.Equal(new ReplyRecord(name.TrimEnd('.') + ".", TestMessage.A, 600, 1, address), record);
        Assert.Equal(0x8180, reply.Flags); // an answer, RD kept, RA set
        Assert.Equal(0x1234, reply.Id);
    }

    [Fact]
    public void AaaaIsAnswered() => Assert.Equal(["fd00::2"], Answer("web", TestMessage.Aaaa).Data);

    [Theory]
    [InlineData("db", TestMessage.Aaaa)]
    [InlineData("db.back.net", TestMessage.Aaaa)]
    [InlineData("web", TestMessage.Mx)]
    [InlineData("db", TestMessage.Mx)]
    public void AKnownNameWithoutSuchARecordIsAnsweredWithNothing(string name, ushort type)
    {
        Reply reply = Answer(name, type);
        Assert.Equal(0, reply.Code);
        Assert.Empty(reply.Records);
    }

    [Theory]
    [InlineData("web.back.net", TestMessage.A)] // not on that network
    [InlineData("web.other", TestMessage.A)]
    [InlineData("front", TestMessage.A)]
    [InlineData(".front", TestMessage.A)]
    [InlineData("store.front", TestMessage.A)] // a link of the other network
    [InlineData("gone", TestMessage.A)] // its target is not there, and it hides the container of that name
    [InlineData("example.org", TestMessage.Aaaa)]
    [InlineData("example.org", TestMessage.Mx)]
    [InlineData("web", TestMessage.Txt)]
    [InlineData("web", TestMessage.Https)]
    [InlineData("9.0.0.10.in-addr.arpa", TestMessage.Ptr)]
    [InlineData("web", TestMessage.Ptr)]
    public void AllElseIsForwarded(string name, ushort type) => Assert.Equal((Verdict.Forward, null), Ask(_client, TestMessage.Query(name, type)));

    [Fact]
    public void OtherClassesAreForwarded() => Assert.Equal((Verdict.Forward, null), Ask(_client, TestMessage.Query("web", TestMessage.A, @class: 3)));

    [Theory]
    [InlineData("2.0.0.10.in-addr.arpa", "Web.front.")]
    [InlineData("2.0.1.10.IN-ADDR.ARPA.", "db.back.net.")]
    [InlineData("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", "Web.front.")]
    public void AddressesOfTheNetworksHaveNames(string name, string owner) => Assert.Equal([owner], Answer(name, TestMessage.Ptr).Data);

    [Fact]
    public void AllWhoHaveANameAreAnsweredAndEachIsFirstInTurn()
    {
        string[][] answers = [Answer("api", TestMessage.A).Data, Answer("api", TestMessage.A).Data, Answer("api", TestMessage.A).Data];
        Assert.Equal([["10.0.0.3", "10.0.0.4"], ["10.0.0.4", "10.0.0.3"], ["10.0.0.3", "10.0.0.4"]], answers);
    }

    [Fact]
    public void ANetworkWithTheWantedFamilyIsPreferred()
    {
        NetworkNames late = new("late");
        late.Add(TestClients.Endpoint("e9", null, "fd00:9::1", "db"));
        DnsClient client = _client with { Networks = [.. _client.Networks, new DnsNetwork(late)] };
        Assert.Equal(["fd00:9::1"], Ask(client, TestMessage.Query("db", TestMessage.Aaaa)).Reply!.Data);
        Assert.Equal(["10.1.0.2"], Ask(client, TestMessage.Query("db", TestMessage.A)).Reply!.Data);
    }

    [Theory]
    [InlineData(0, 512, 30)] // (512 - 12 - 8 for the question) / 16
    [InlineData(600, 600, 35)] // the OPT record has its place
    [InlineData(1232, 1232, 75)]
    [InlineData(4096, 4096, 100)]
    public void WhatDoesNotFitIsLeftOutAndTold(int payload, int room, int records)
    {
        NetworkNames crowd = new("crowd");
        for (int i = 0; i < 100; i++)
        {
            crowd.Add(TestClients.Endpoint($"e{i}", $"10.2.0.{i}", null, $"c{i}", "all"));
        }

        DnsClient client = _client with { Networks = [new DnsNetwork(crowd)] };
        Reply reply = Ask(client, TestMessage.Query("all", TestMessage.A, payload: (ushort)payload), room).Reply!;
        Assert.InRange(reply.Bytes.Length, 1, room);
        Assert.Equal(records, reply.Answers.Count);
        Assert.Equal(records, reply.Data.Distinct().Count());
        Assert.Equal(records < 100, reply.Truncated);
        Assert.Equal(payload > 0, reply.Opt is { Class: 1232 });
    }

    [Fact]
    public void FaultsGetTheirCodes()
    {
        byte[] query = TestMessage.Query("web", TestMessage.A, payload: 512);
        Assert.Equal(1, Ask(_client, query[..^1]).Reply!.Code);
        Assert.Equal(4, Ask(_client, TestMessage.Query("web", TestMessage.A, flags: 0x2000)).Reply!.Code);
        Assert.Equal(16, Ask(_client, TestMessage.Query("web", TestMessage.A, payload: 512, version: 3)).Reply!.Code);
        Assert.Equal(4, Ask(_client, TestMessage.Query("web", 252)).Reply!.Code); // a zone transfer
    }

    [Fact]
    public void WithoutForwardingUnknownNamesFailAndKnownOnesHaveNothingElse()
    {
        foreach (DnsClient client in (DnsClient[])[_client with { Forwards = false }, _client with { Upstreams = [] }])
        {
            Assert.Equal(2, Ask(client, TestMessage.Query("example.org", TestMessage.A)).Reply!.Code);
            Assert.Equal(["10.0.0.2"], Ask(client, TestMessage.Query("web", TestMessage.A)).Reply!.Data);
        }

        Reply nothing = Ask(_client with { Forwards = false }, TestMessage.Query("web", TestMessage.Txt)).Reply!;
        Assert.Equal((0, 0), (nothing.Code, nothing.Records.Count));
    }

    [Fact]
    public void WithNdotsOfTheUsersSingleLabelsStayHere()
    {
        DnsClient client = _client with { KeepsSingleLabels = true };
        Reply nothing = Ask(client, TestMessage.Query("nobody", TestMessage.A)).Reply!;
        Assert.Equal((0, 0), (nothing.Code, nothing.Records.Count));
        Assert.Equal(Verdict.Forward, Ask(client, TestMessage.Query("no.body", TestMessage.A)).Verdict);
        Assert.Equal(Verdict.Forward, Ask(client, TestMessage.Query("nobody", TestMessage.Txt)).Verdict);
    }

    private DnsClient Restricted => _client with { Egress = new EgressRule(EgressPolicy.Parse("api.example.com,*.example.org"), static (_, _) => default, static _ => { }) };

    [Theory]
    [InlineData("api.example.com", TestMessage.A)]
    [InlineData("API.example.com", TestMessage.Aaaa)]
    [InlineData("a.b.example.org", TestMessage.A)]
    [InlineData("a.example.org", TestMessage.Cname)]
    public void AllowedNamesAreForwarded(string name, ushort type) => Assert.Equal(Verdict.Forward, Ask(Restricted, TestMessage.Query(name, type)).Verdict);

    [Theory]
    [InlineData("example.com", TestMessage.A)]
    [InlineData("x.api.example.com", TestMessage.A)]
    [InlineData("example.org", TestMessage.A)]
    [InlineData("evil.test", TestMessage.Txt)]
    [InlineData("nobody", TestMessage.A)]
    [InlineData("8.8.8.8.in-addr.arpa", TestMessage.Ptr)]
    public void OtherNamesDoNotExist(string name, ushort type)
    {
        (Verdict verdict, Reply? reply) = Ask(Restricted, TestMessage.Query(name, type, payload: 1232));
        Assert.Equal(Verdict.Blocked, verdict);
        Assert.Equal(3, reply!.Code);
        Assert.Equal("000F00020012", Assert.Single(reply.Records).Data); // the extended error "prohibited"
    }

    [Fact]
    public void OfAllowedNamesOnlyWhatLeadsToAnAddressIsForwarded()
    {
        foreach (ushort type in (ushort[])[TestMessage.Txt, TestMessage.Https, TestMessage.Mx, 10, 255])
        {
            (Verdict verdict, Reply? reply) = Ask(Restricted, TestMessage.Query("a.example.org", type));
            Assert.Equal((Verdict.Answered, 0, 0), (verdict, reply!.Code, reply.Records.Count));
        }

        Assert.Equal(Verdict.Blocked, Ask(Restricted, TestMessage.Query("a.example.org", TestMessage.A, @class: 3)).Verdict);
    }

    [Theory]
    [InlineData("web", TestMessage.A)]
    [InlineData("web.front", TestMessage.Txt)]
    [InlineData("2.0.0.10.in-addr.arpa", TestMessage.Ptr)]
    public void NeighboursAreNotRestricted(string name, ushort type) => Assert.Equal(Verdict.Answered, Ask(Restricted, TestMessage.Query(name, type)).Verdict);

    [Fact]
    public void ALabelWithADotIsNotTheNameItLooksLike()
    {
        byte[] query = TestMessage.Query("api.example.com", TestMessage.A);
        query[12] = 11; // "api.example", "com"
        query[16] = (byte)'.';
        Assert.Equal(Verdict.Blocked, Ask(Restricted, query).Verdict);
    }
}
