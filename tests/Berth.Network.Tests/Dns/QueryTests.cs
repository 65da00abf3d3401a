using Berth.Network.Dns;
using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Messages;

using CsCheck;

namespace Berth.Network.Tests.Dns;

public sealed class QueryTests
{
    private static QueryFault? Fault(byte[] message) => Query.TryRead(message, out Query query) ? query.Fault : null;

    [Fact]
    public void AQueryIsRead()
    {
        Assert.True(Query.TryRead(TestMessage.Query("Web.example", TestMessage.Aaaa, id: 7, payload: 1400), out Query query));
        Assert.Equal(QueryFault.None, query.Fault);
        Assert.Equal((7, TestMessage.Aaaa, 1, 1400, true, false), (query.Id, query.Question.Type, query.Question.Class, query.Payload, query.Extended, query.WantsSignatures));
        Assert.Equal(TestMessage.Name("Web.example"), query.Question.Wire.ToArray());
    }

    [Fact]
    public void PayloadIsNeverBelow512()
    {
        Assert.True(Query.TryRead(TestMessage.Query("a", TestMessage.A, payload: 12), out Query query));
        Assert.Equal(512, query.Payload);
    }

    [Fact]
    public void AnswersAndStumpsGetNone()
    {
        Assert.Null(Fault(TestMessage.Query("a", TestMessage.A, flags: 0x8100)));
        Assert.Null(Fault(new byte[11]));
    }

    [Fact]
    public void FaultsAreTold()
    {
        byte[] query = TestMessage.Query("a", TestMessage.A, payload: 512);
        Assert.Equal(QueryFault.OtherOperation, Fault(TestMessage.Query("a", TestMessage.A, flags: 0x2800)));
        Assert.Equal(QueryFault.OtherVersion, Fault(TestMessage.Query("a", TestMessage.A, payload: 512, version: 1)));
        Assert.Equal(QueryFault.Malformed, Fault(query[..^1]));
        Assert.Equal(QueryFault.Malformed, Fault([.. query[..4], 0, 0, .. query[6..]])); // no question
        Assert.Equal(QueryFault.Malformed, Fault([.. query[..4], 0, 2, .. query[6..]])); // two
        Assert.Equal(QueryFault.Malformed, Fault([.. query[..10], 0, 2, .. query[12..], .. query[^11..]])); // OPT twice
        Assert.Equal(QueryFault.Malformed, Fault([.. query[..12], 0xC0, 12, 0, 1, 0, 1])); // a name that points to itself
        Assert.Equal(QueryFault.None, Fault(query));
    }

    [Fact]
    public void NoBytesMakeAnyPartThrow()
    {
        DnsClient client = TestClients.Two() with { Egress = new EgressRule(EgressPolicy.Parse("*.example.org"), static (_, _) => default, static _ => { }) };
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 600], Gen.Byte.Array[3]).Sample((noise, at, change) =>
        {
            byte[] good = TestMessage.Answer(
                TestMessage.Query("web.example.org", TestMessage.A),
                0,
                TestMessage.Alias("web.example.org", "b.example.org"),
                TestMessage.Address("b.example.org", "192.0.2.1"));
            foreach (byte[] message in (byte[][])[noise, Changed(TestMessage.Query("web.example.org", TestMessage.A, payload: 1232), at, change), Changed(good, at, change)])
            {
                EveryPart(message, client);
            }
        });
    }

    private static byte[] Changed(byte[] message, int at, byte[] change)
    {
        byte[] copy = [.. message];
        for (int i = 0; i < change.Length; i++)
        {
            copy[(at + i) % copy.Length] = change[i];
        }

        return copy;
    }

    private static void EveryPart(byte[] message, DnsClient client)
    {
        byte[] target = new byte[AnswerWriter.SmallestTarget];
        if (Query.TryRead(message, out Query query))
        {
            Verdict verdict = Resolver.Resolve(query, client, target, out int length);
            Assert.Equal(verdict == Verdict.Forward, length == 0);
            if (length > 0)
            {
                Assert.Equal(message[..2], TestMessage.Read(target[..length]).Bytes[..2]);
            }
            else
            {
                byte[] forwarded = new byte[ForwardedQuery.Longest];
                Assert.True(Query.TryRead(forwarded.AsSpan(0, ForwardedQuery.Write(query, 1, forwarded)), out Query again));
                Assert.Equal(QueryFault.None, again.Fault);
            }
        }

        byte[] asked = TestMessage.Query("web.example.org", TestMessage.A);
        Assert.True(Query.TryRead(asked, out Query clean));
        ForwardedAnswer.Answers(message, asked);
        if (message.Length >= 12 && ForwardedAnswer.TryFit(clean, message, target, out int fitted) && ForwardedAnswer.Answers(message, asked))
        {
            EgressAnswer.LimitLifetimes(target.AsSpan(0, fitted));
        }

        if (message.Length >= 12)
        {
            EgressAnswer.Addresses(message);
        }
    }
}
