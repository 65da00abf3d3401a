using Berth.Network.Dns.Egress;
using Berth.Network.Dns.Forwarding;
using Berth.Network.Dns.Messages;

namespace Berth.Network.Tests.Dns;

public sealed class ForwardedAnswerTests
{
    private static readonly byte[] Asked = TestMessage.Query("Web.Example", TestMessage.A, id: 0x1111, payload: 4000);

    private static byte[] Sent(byte[] client, ushort id = 0x2222)
    {
        Assert.True(Query.TryRead(client, out Query query));
        byte[] target = new byte[ForwardedQuery.Longest];
        return target[..ForwardedQuery.Write(query, id, target)];
    }

    private static Reply? Fit(byte[] client, byte[] answer, int room)
    {
        Assert.True(Query.TryRead(client, out Query query));
        byte[] target = new byte[room];
        return ForwardedAnswer.TryFit(query, answer, target, out int length) ? TestMessage.Read(target[..length]) : null;
    }

    [Fact]
    public void TheQueryIsWrittenAnew()
    {
        byte[] client = [.. Asked];
        client[3] = 0x70; // AD, CD and a bit that must be 0
        client[^4] = 0x80; // DO
        client = [.. client[..^2], 0, 6, 0, 10, 0, 2, 1, 2]; // a cookie
        byte[] sent = Sent(client);
        Assert.Equal([0x22, 0x22, 0x01, 0x30, 0, 1, 0, 0, 0, 0, 0, 1, .. TestMessage.Name("web.example"), 0, 1, 0, 1, 0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0], sent);
        Assert.Equal(sent.Length - 11, Sent(TestMessage.Query("web.example", TestMessage.A)).Length);
    }

    [Fact]
    public void OnlyAnAnswerToThisQueryCounts()
    {
        byte[] sent = Sent(Asked);
        byte[] good = TestMessage.Answer(sent, 0x8180, TestMessage.Address("web.example", "192.0.2.1"));
        Assert.True(ForwardedAnswer.Answers(good, sent));
        Assert.True(ForwardedAnswer.Answers([.. good[..13], (byte)'W', .. good[14..]], sent)); // case does not count
        Assert.False(ForwardedAnswer.Answers(sent, sent)); // no answer
        Assert.False(ForwardedAnswer.Answers([0x22, 0x23, .. good[2..]], sent)); // another id
        Assert.False(ForwardedAnswer.Answers(TestMessage.Answer(Sent(TestMessage.Query("wab.example", TestMessage.A)), 0), sent));
        Assert.False(ForwardedAnswer.Answers(TestMessage.Answer(Sent(TestMessage.Query("web.example", TestMessage.Aaaa)), 0), sent));
        Assert.False(ForwardedAnswer.Answers(TestMessage.Answer(Sent(TestMessage.Query("web.example", TestMessage.A, @class: 3)), 0), sent));
        Assert.False(ForwardedAnswer.Answers([.. good[..4], 0, 0, .. good[6..]], sent));
        Assert.False(ForwardedAnswer.Answers(good[..20], sent));
    }

    [Fact]
    public void TheClientGetsItsOwnIdQuestionAndOpt()
    {
        byte[] answer = TestMessage.Answer(Sent(Asked), 0x8583, TestMessage.Address("web.example", "192.0.2.1", ttl: 5));
        answer = [.. answer[..10], 0, 1, .. answer[12..], 0, 0, 41, 2, 0, 1, 0, 0, 0, 0, 4, 0, 10, 0, 0]; // their OPT: an upper code and an option
        Reply reply = Fit(Asked, answer, 512)!;
        Assert.Equal((0x1111, 0x8583), (reply.Id, reply.Flags));
        Assert.Equal("Web.Example.", TestMessage.QuestionName(reply.Bytes));
        Assert.Equal(new ReplyRecord("web.example.", TestMessage.A, 5, 1, "192.0.2.1"), Assert.Single(reply.Answers));
        Assert.Equal(new ReplyRecord("", TestMessage.Opt, 1 << 24, 1232, ""), reply.Opt);
        Assert.Null(Fit(TestMessage.Query("Web.Example", TestMessage.A), answer, 512)!.Opt);
    }

    [Fact]
    public void WholeRecordsAreLeftOutFromTheEnd()
    {
        byte[][] records = [.. Enumerable.Range(1, 50).Select(i => TestMessage.Address("web.example", $"192.0.2.{i}"))];
        byte[] answer = TestMessage.Answer(Sent(Asked), 0, records);
        Reply cut = Fit(Asked, answer, 512)!;
        Assert.True(cut.Truncated);
        Assert.InRange(cut.Bytes.Length, 512 - records[0].Length, 512);
        Assert.Equal(cut.Answers.Count, cut.Records.Count - 1);
        Assert.Equal([.. Enumerable.Range(1, cut.Answers.Count).Select(i => $"192.0.2.{i}")], cut.Data);
        Assert.False(Fit(Asked, answer, 4000)!.Truncated);

        // What is missing from the last section alone is no loss.
        byte[] extra = [.. answer[..6], 0, 1, 0, 0, 0, 49, .. answer[12..]];
        cut = Fit(Asked, extra, 512)!;
        Assert.False(cut.Truncated);
        Assert.Single(cut.Answers);
    }

    [Fact]
    public void ATruncatedAnswerStaysOne() => Assert.True(Fit(Asked, TestMessage.Answer(Sent(Asked), 0x8200), 512)!.Truncated);

    [Fact]
    public void AMalformedRecordSpoilsTheAnswer()
    {
        byte[] answer = TestMessage.Answer(Sent(Asked), 0, TestMessage.Address("web.example", "192.0.2.1"));
        Assert.Null(Fit(Asked, answer[..^1], 512));
        Assert.Null(Fit(Asked, [.. answer[..7], 2, .. answer[8..]], 512));
    }

    private static string[] Addresses(params byte[][] records) =>
        [.. EgressAnswer.Addresses(TestMessage.Answer(TestMessage.Query("a.test", TestMessage.A), 0, records)).Select(a => $"{a.Address} {a.Lifetime.TotalSeconds}")];

    [Fact]
    public void AddressesOfTheAskedNameAreGranted() =>
        Assert.Equal(["192.0.2.1 300", "2001:db8::1 300"], Addresses(TestMessage.Address("A.test", "192.0.2.1"), TestMessage.Address("a.test", "2001:db8::1")));

    [Fact]
    public void AliasesAreFollowedInAnyOrder() =>
        Assert.Equal(
            ["192.0.2.1 300"],
            Addresses(TestMessage.Address("c.cdn", "192.0.2.1"), TestMessage.Alias("b.cdn", "c.cdn"), TestMessage.Alias("a.test", "b.cdn")));

    [Fact]
    public void RecordsOfOtherNamesDoNotCount() =>
        Assert.Equal(
            ["192.0.2.3 300"],
            Addresses(TestMessage.Address("b.test", "192.0.2.1"), TestMessage.Alias("x.test", "y.test"), TestMessage.Address("y.test", "192.0.2.2"), TestMessage.Address("a.test", "192.0.2.3")));

    [Fact]
    public void AliasesInARingEnd() => Assert.Empty(Addresses(TestMessage.Alias("a.test", "b.test"), TestMessage.Alias("b.test", "a.test")));

    [Theory]
    [InlineData(0u, 60)]
    [InlineData(59u, 60)]
    [InlineData(61u, 61)]
    [InlineData(86_401u, 86_400)]
    [InlineData(0x80000000u, 60)]
    public void LifetimesHaveBounds(uint ttl, int seconds) => Assert.Equal([$"192.0.2.1 {seconds}"], Addresses(TestMessage.Address("a.test", "192.0.2.1", ttl)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void NoNameOpensTheHostOrItsLink(string address) =>
        Assert.Equal(["10.9.9.9 300"], Addresses(TestMessage.Address("a.test", address), TestMessage.Address("a.test", "10.9.9.9")));

    [Fact]
    public void TheNumberOfAddressesIsBounded() =>
        Assert.Equal(512, Addresses([.. Enumerable.Range(0, 600).Select(i => TestMessage.Address("a.test", $"10.0.{i / 256}.{i % 256}"))]).Length);

    [Fact]
    public void TheClientIsToldNoLongerLifetimeThanTheFirewall()
    {
        byte[] answer = TestMessage.Answer(
            TestMessage.Query("a.test", TestMessage.A), 0, TestMessage.Alias("a.test", "b.test", ttl: 1_000_000), TestMessage.Address("b.test", "192.0.2.1", ttl: 7));
        EgressAnswer.LimitLifetimes(answer);
        Assert.Equal([86_400u, 7u], TestMessage.Read(answer).Answers.Select(record => record.Ttl));
    }
}
