using System.Net;
using System.Net.Sockets;

using Berth.Network.Dns;

namespace Berth.Network.Tests.Dns;

public sealed class ForwardingTests
{
    private static readonly DnsLimits Quick = new() { AttemptTimeout = TimeSpan.FromMilliseconds(250) };

    private static DnsClient Client(params IPEndPoint[] upstreams) => TestClients.Two() with { Upstreams = upstreams };

    // A port that nobody listens on.
    private static IPEndPoint Closed()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    [Fact]
    public async Task OtherNamesAreAskedOfTheServer()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(upstream.Address));
        Reply reply = await container.AskAsync("WWW.Example.org", payload: 1232);
        Assert.Equal((0x1234, 0x8180), (reply.Id, reply.Flags));
        Assert.Equal("WWW.Example.org.", TestMessage.QuestionName(reply.Bytes));
        Assert.Equal(["192.0.2.1"], reply.Data);
        Assert.NotNull(reply.Opt);
        Assert.Equal("www.example.org.", TestMessage.QuestionName(Assert.Single(upstream.Asked).Message));
        Assert.Equal(["10.0.0.2"], (await container.AskAsync("web")).Data);
        Assert.Single(upstream.Asked);
    }

    [Fact]
    public async Task IdsAndPortsAreNotToBeGuessed()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(upstream.Address));
        for (int i = 0; i < 64; i++)
        {
            await container.AskAsync($"a{i}.test");
        }

        // Of 64 random values out of 65,536 and some 28,000 a few may meet; counting up would leave no gaps.
        int[] ids = [.. upstream.Asked.Select(asked => (int)TestMessage.Word(asked.Message, 0))];
        int[] ports = [.. upstream.Asked.Select(asked => ((IPEndPoint)asked.From).Port)];
        foreach (int[] values in (int[][])[ids, ports])
        {
            Assert.InRange(values.Distinct().Count(), 58, 64);
            Assert.InRange(values.Zip(values.Skip(1)).Select(pair => pair.Second - pair.First).Distinct().Count(), 50, 63);
        }
    }

    [Fact]
    public async Task AClosedPortIsPassedOverAtOnce()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        // With the usual limit of four seconds: ICMP tells, not the clock.
        await using var container = new ServedContainer(Client(Closed(), Closed(), upstream.Address), new DnsLimits { AttemptTimeout = TimeSpan.FromHours(1) });
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
    }

    [Fact]
    public async Task AfterASilentServerTheNextIsAsked()
    {
        await using TestUpstream silent = TestUpstream.Silent();
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(silent.Address, upstream.Address), Quick);
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
        Assert.NotEqual(TestMessage.Word(Assert.Single(silent.Asked).Message, 0), TestMessage.Word(Assert.Single(upstream.Asked).Message, 0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task AServerThatFailsOrRefusesIsPassedOver(ushort code)
    {
        await using TestUpstream failing = TestUpstream.Failing(code);
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(failing.Address, upstream.Address));
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
        container.Served.Client = Client(failing.Address);
        Assert.Equal(2, (await container.AskAsync("a.test")).Code);
    }

    [Fact]
    public async Task ThatANameDoesNotExistIsAnAnswer()
    {
        await using TestUpstream none = TestUpstream.Failing(3);
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(none.Address, upstream.Address));
        Assert.Equal(3, (await container.AskAsync("a.test")).Code);
        Assert.Empty(upstream.Asked);
    }

    [Fact]
    public async Task OnlyThreeServersAreAskedAndNeverOurselves()
    {
        await using TestUpstream failing = TestUpstream.Failing(2);
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(failing.Address, failing.Address, failing.Address, upstream.Address));
        Assert.Equal(2, (await container.AskAsync("a.test")).Code);
        Assert.Equal((3, 0), (failing.Asked.Count, upstream.Asked.Count));

        container.Served.Client = Client(new IPEndPoint(IPAddress.Parse("127.0.0.11"), upstream.Address.Port), upstream.Address);
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
        Assert.Single(upstream.Asked);
    }

    [Fact]
    public async Task ForgedAnswersAreNotBelieved()
    {
        TestUpstream? self = null;
        await using var upstream = new TestUpstream(query =>
        {
            byte[] forged = TestMessage.Answer(query, 0x8180, TestMessage.Address("a.test", "203.0.113.66"));
            self!.SendFromElsewhere(forged, self.Asked.Last().From);
            return
            [
                [(byte)~forged[0], .. forged[1..]],
                TestMessage.Answer([.. query[..13], (byte)'b', .. query[14..]], 0x8180, TestMessage.Address("a.test", "203.0.113.66")),
                [.. forged[..2], 1, 0, .. forged[4..]],
                [1, 2, 3],
                TestMessage.Answer(query, 0x8180, TestMessage.Address("a.test", "192.0.2.1")),
            ];
        });
        self = upstream;
        await using var container = new ServedContainer(Client(upstream.Address));
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
    }

    [Fact]
    public async Task AMalformedAnswerIsNone()
    {
        await using var broken = new TestUpstream(query => [TestMessage.Answer(query, 0x8180, TestMessage.Address("a.test", "192.0.2.1"))[..^1]]);
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.2");
        await using var container = new ServedContainer(Client(broken.Address, upstream.Address));
        Assert.Equal(["192.0.2.2"], (await container.AskAsync("a.test")).Data);
    }

    private static byte[] Many(byte[] query, ushort flags, int count) =>
        TestMessage.Answer(query, flags, [.. Enumerable.Range(0, count).Select(i => TestMessage.Address("a.test", $"10.1.{i / 256}.{i % 256}"))]);

    [Fact]
    public async Task ACutAnswerIsFetchedWholeOverTcp()
    {
        await using var upstream = new TestUpstream(query => [Many(query, 0x8380, 3)], query => Many(query, 0x8180, 150));
        await using var container = new ServedContainer(Client(upstream.Address));
        Reply whole = await container.AskAsync("a.test", payload: 4096);
        Assert.Equal((150, false), (whole.Answers.Count, whole.Truncated));
        Assert.Equal([false, true], upstream.Asked.Select(asked => asked.Stream));

        // A client that takes less gets as much as it can and comes again over TCP.
        Reply cut = await container.AskAsync("a.test");
        Assert.True(cut.Truncated);
        Assert.InRange(cut.Answers.Count, 20, 30);
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("a.test", TestMessage.A)));
        Assert.Equal(150, (await ServedContainer.ReadAsync(stream)).Answers.Count);
        Assert.Equal([false, true, false, true, true], upstream.Asked.Select(asked => asked.Stream));
    }

    [Fact]
    public async Task WhereTcpFailsTheCutAnswerIsPassedOn()
    {
        await using var upstream = new TestUpstream(query => [Many(query, 0x8380, 3)]);
        await using var container = new ServedContainer(Client(upstream.Address));
        Reply cut = await container.AskAsync("a.test");
        Assert.Equal((3, true), (cut.Answers.Count, cut.Truncated));
    }

    [Fact]
    public async Task OneContainersSilentQueriesAreBounded()
    {
        await using TestUpstream silent = TestUpstream.Silent();
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        var limits = new DnsLimits { AttemptTimeout = TimeSpan.FromHours(1), ForwardsPerClient = 2, PendingPerClient = 3 };
        var server = new DnsServer(ServedContainer.Open, limits, static _ => { });
        await using var greedy = new ServedContainer(Client(silent.Address), server: server);
        await using var other = new ServedContainer(Client(upstream.Address), server: server);
        for (ushort id = 1; id <= 4; id++)
        {
            await greedy.SendAsync(TestMessage.Query($"a{id}.test", TestMessage.A, id));
        }

        // Two are asked, one waits for a place, the fourth is refused; local names and other containers go on.
        Reply refused = await greedy.ReceiveAsync();
        Assert.Equal((4, 5), (refused.Id, refused.Code));
        Assert.Equal(["10.0.0.2"], (await greedy.AskAsync("web")).Data);
        Assert.Equal(["192.0.2.1"], (await other.AskAsync("a.test")).Data);
        await TestHost.UntilAsync(() => silent.Asked.Count == 2, "two queries");
    }

    [Fact]
    public async Task WhoFindsNoPlaceInTimeGetsAnError()
    {
        await using TestUpstream silent = TestUpstream.Silent();
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        var server = new DnsServer(ServedContainer.Open, Quick with { Forwards = 1 }, static _ => { });
        await using var greedy = new ServedContainer(Client(silent.Address, silent.Address, silent.Address), server: server);
        await using var other = new ServedContainer(Client(upstream.Address), server: server);
        await greedy.SendAsync(TestMessage.Query("a.test", TestMessage.A));
        await TestHost.UntilAsync(() => !silent.Asked.IsEmpty, "a query");
        Assert.Equal(2, (await other.AskAsync("a.test")).Code);
        Assert.Equal(2, (await greedy.ReceiveAsync()).Code);
        Assert.Equal(["192.0.2.1"], (await other.AskAsync("a.test")).Data);
    }

    [Fact]
    public async Task ASocketThatCannotBeOpenedIsReportedAndTheServerGoesOn()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        bool broken = true;
        await using var container = new ServedContainer(
            Client(upstream.Address),
            sockets: (family, protocol, cancel) => broken ? throw new InvalidOperationException("no namespace") : ServedContainer.Open(family, protocol, cancel));
        Assert.Equal(2, (await container.AskAsync("a.test")).Code);
        Assert.Equal("a DNS query of container client could not be forwarded: no namespace", Assert.Single(container.Log));
        broken = false;
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("a.test")).Data);
    }

    [Fact]
    public async Task WhoLeavesEndsItsQueries()
    {
        await using TestUpstream silent = TestUpstream.Silent();
        var container = new ServedContainer(Client(silent.Address), new DnsLimits { AttemptTimeout = TimeSpan.FromHours(1), ForwardsPerClient = 1 });
        await container.SendAsync(TestMessage.Query("a.test", TestMessage.A));
        await container.SendAsync(TestMessage.Query("b.test", TestMessage.A));
        await TestHost.UntilAsync(() => !silent.Asked.IsEmpty, "a query");
        await container.DisposeAsync();
        Assert.Empty(container.Log);
    }
}
