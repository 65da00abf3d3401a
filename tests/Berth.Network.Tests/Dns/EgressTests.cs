using System.Collections.Concurrent;
using System.Net.Sockets;

using Berth.Network.Dns;
using Berth.Network.Dns.Egress;

namespace Berth.Network.Tests.Dns;

public sealed class EgressTests
{
    private readonly ConcurrentQueue<EgressGrant> _grants = new();
    private readonly ConcurrentQueue<EgressRefusal> _refusals = new();

    private DnsClient Client(TestUpstream upstream, Func<EgressGrant, CancellationToken, ValueTask>? allow = null) => TestClients.Two() with
    {
        Upstreams = [upstream.Address],
        Egress = new EgressRule(
            EgressPolicy.Parse("a.test,*.example.org"),
            (grant, cancel) =>
            {
                _grants.Enqueue(grant);
                return allow?.Invoke(grant, cancel) ?? default;
            },
            _refusals.Enqueue),
    };

    [Fact]
    public async Task TheAnswerComesWhenTheFirewallIsOpen()
    {
        await using var upstream = new TestUpstream(query => [TestMessage.Answer(query, 0x8180, TestMessage.Alias("a.test", "b.cdn"), TestMessage.Address("b.cdn", "192.0.2.1", ttl: 100_000))]);
        var open = new TaskCompletionSource();
        await using var container = new ServedContainer(Client(upstream, (_, _) => new ValueTask(open.Task)));
        await container.SendAsync(TestMessage.Query("A.test", TestMessage.A));
        await TestHost.UntilAsync(() => !_grants.IsEmpty, "a grant");

        // A local answer passes it: had the other been sent it would be first.
        Assert.Equal(["10.0.0.2"], (await container.AskAsync("web")).Data);
        Assert.False(container.HasAnswer);
        open.SetResult();
        Reply reply = await container.ReceiveAsync();
        Assert.Equal(["b.cdn.", "192.0.2.1"], reply.Data);
        Assert.Equal(86_400u, reply.Answers[1].Ttl);
        EgressGrant grant = Assert.Single(_grants);
        Assert.Equal(("c1", "client", "a.test"), (grant.ContainerId, grant.ContainerName, grant.Name));
        Assert.Equal("192.0.2.1 1.00:00:00", string.Join(' ', grant.Addresses.Select(a => $"{a.Address} {a.Lifetime}")));
    }

    [Fact]
    public async Task IfTheFirewallFailsSoDoesTheQuery()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(upstream, (_, _) => throw new InvalidOperationException("nf_tables")));
        Reply reply = await container.AskAsync("a.test");
        Assert.Equal((2, 0), (reply.Code, reply.Answers.Count));
    }

    [Fact]
    public async Task AnAnswerWithoutAddressesOpensNothing()
    {
        await using TestUpstream upstream = TestUpstream.Failing(3);
        await using var container = new ServedContainer(Client(upstream));
        Assert.Equal(3, (await container.AskAsync("x.example.org")).Code);
        Assert.Empty(_grants);
        Assert.Single(upstream.Asked);
    }

    [Fact]
    public async Task OtherNamesAreReportedAndNotAsked()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(upstream));
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(3, (await container.AskAsync("Data.Evil\n.test")).Code);
        }

        // Ten at once, and one more for each second this may take.
        Assert.InRange(_refusals.Count, 10, 29);
        Assert.All(_refusals, refusal => Assert.Equal(("c1", "client", "data.evil\\010.test"), (refusal.ContainerId, refusal.ContainerName, refusal.Name)));
        Assert.Empty(upstream.Asked);
    }

    [Fact]
    public async Task TcpIsNoWayAround()
    {
        await using var upstream = new TestUpstream(_ => [], query => TestMessage.Answer(query, 0x8180, TestMessage.Address("a.test", "192.0.2.1")));
        await using var container = new ServedContainer(Client(upstream));
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("evil.test", TestMessage.A)));
        Assert.Equal(3, (await ServedContainer.ReadAsync(stream)).Code);
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("a.test", TestMessage.A)));
        Assert.Equal(["192.0.2.1"], (await ServedContainer.ReadAsync(stream)).Data);
        Assert.Single(_grants);
        Assert.Single(upstream.Asked);
    }

    [Fact]
    public async Task AListThatChangesConcernsTheNextQuery()
    {
        await using TestUpstream upstream = TestUpstream.Of("192.0.2.1");
        await using var container = new ServedContainer(Client(upstream) with { Egress = null });
        Assert.Equal(["192.0.2.1"], (await container.AskAsync("evil.test")).Data);
        container.Served.Client = Client(upstream);
        Assert.Equal(3, (await container.AskAsync("evil.test")).Code);
    }
}
