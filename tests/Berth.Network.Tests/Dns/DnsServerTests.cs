using System.Net.Sockets;

using Berth.Network.Dns;
using Berth.Network.Dns.Names;

namespace Berth.Network.Tests.Dns;

public sealed class DnsServerTests
{
    private static readonly DnsLimits Patient = new() { IdleTimeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task NoiseDisturbsNobody()
    {
        await using var container = new ServedContainer(TestClients.Two());
        await container.SendAsync([]);
        await container.SendAsync([1, 2, 3]);
        await container.SendAsync(TestMessage.Query("web", TestMessage.A, flags: 0x8000));
        Assert.Equal(1, (await container.AskAsync([.. TestMessage.Query("web", TestMessage.A)[..12], 0xC0, 12, 0, 1, 0, 1])).Code);
        Assert.Equal(["10.0.0.2"], (await container.AskAsync("web")).Data);
        Assert.Equal(["Web.front."], (await container.AskAsync("2.0.0.10.in-addr.arpa", TestMessage.Ptr)).Data);
    }

    [Fact]
    public async Task MoreQueriesThanATurnHasAreAllAnswered()
    {
        await using var container = new ServedContainer(TestClients.Two());
        for (ushort id = 0; id < 200; id++)
        {
            await container.SendAsync(TestMessage.Query("web", TestMessage.A, id));
        }

        for (ushort id = 0; id < 200; id++)
        {
            Assert.Equal(id, (await container.ReceiveAsync()).Id);
        }
    }

    [Fact]
    public async Task EachContainerSeesItsOwnNetworks()
    {
        await using var one = new ServedContainer(TestClients.Two() with { Upstreams = [] });
        await using var other = new ServedContainer(new DnsClient { ContainerId = "c2", ContainerName = "other" });
        Assert.Equal(["10.0.0.2"], (await one.AskAsync("web")).Data);
        Assert.Equal(2, (await other.AskAsync("web")).Code);

        other.Served.Client = other.Served.Client with { Networks = one.Served.Client.Networks };
        Assert.Equal(["10.0.0.2"], (await other.AskAsync("web")).Data);
        NetworkNames front = one.Served.Client.Networks[0].Names;
        Assert.True(front.Remove("e1"));
        Assert.Equal(2, (await one.AskAsync("web")).Code);
    }

    [Fact]
    public async Task AConnectionTakesManyQueriesAlsoAtOnceAndInPieces()
    {
        await using var container = new ServedContainer(TestClients.Two(), Patient);
        await using NetworkStream stream = await container.ConnectAsync();
        byte[] two = [.. ServedContainer.Framed(TestMessage.Query("web", TestMessage.A, 1)), .. ServedContainer.Framed(TestMessage.Query("db", TestMessage.A, 2))];
        await stream.WriteAsync(two);
        Assert.Equal(1, (await ServedContainer.ReadAsync(stream)).Id);
        Assert.Equal(["10.1.0.2"], (await ServedContainer.ReadAsync(stream)).Data);
        foreach (byte piece in two)
        {
            stream.WriteByte(piece);
        }

        Assert.Equal(["10.0.0.2"], (await ServedContainer.ReadAsync(stream)).Data);
        Assert.Equal(2, (await ServedContainer.ReadAsync(stream)).Id);
    }

    [Fact]
    public async Task OverTcpAllFits()
    {
        NetworkNames crowd = new("crowd");
        for (int i = 0; i < 1000; i++)
        {
            crowd.Add(TestClients.Endpoint($"e{i}", $"10.2.{i / 256}.{i % 256}", null, $"c{i}", "all"));
        }

        await using var container = new ServedContainer(TestClients.Two() with { Networks = [new DnsNetwork(crowd)] }, Patient);
        Assert.True((await container.AskAsync("all")).Truncated);
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("all", TestMessage.A)));
        Reply whole = await ServedContainer.ReadAsync(stream);
        Assert.Equal((1000, false), (whole.Data.Distinct().Count(), whole.Truncated));
    }

    [Theory]
    [InlineData(0, 0)] // no length
    [InlineData(0x10, 0x01)] // longer than any query
    public async Task WhatIsNoQueryEndsTheConnection(params int[] prefix)
    {
        await using var container = new ServedContainer(TestClients.Two(), Patient);
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync((byte[])[.. prefix.Select(b => (byte)b)]);
        Assert.True(await ServedContainer.EndsAsync(stream));
    }

    [Fact]
    public async Task AnAnswerOverTcpEndsTheConnection()
    {
        await using var container = new ServedContainer(TestClients.Two(), Patient);
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("web", TestMessage.A, flags: 0x8000)));
        Assert.True(await ServedContainer.EndsAsync(stream));
    }

    [Fact]
    public async Task WhoSaysNothingIsLetGo()
    {
        await using var container = new ServedContainer(TestClients.Two(), new DnsLimits { IdleTimeout = TimeSpan.FromMilliseconds(100) });
        await using NetworkStream silent = await container.ConnectAsync();
        await using NetworkStream half = await container.ConnectAsync();
        await half.WriteAsync(ServedContainer.Framed(TestMessage.Query("web", TestMessage.A))[..10]);
        Assert.True(await ServedContainer.EndsAsync(silent));
        Assert.True(await ServedContainer.EndsAsync(half));
    }

    /// <summary>One sends half a query, one never reads what it asked for in masses; others are answered.</summary>
    [Fact]
    public async Task ASlowConnectionHoldsUpNobody()
    {
        await using var container = new ServedContainer(TestClients.Two(), Patient);
        await using NetworkStream half = await container.ConnectAsync();
        await half.WriteAsync((byte[])[0]);
        await using NetworkStream deaf = await container.ConnectAsync();
        deaf.Socket.SendTimeout = 500;
        byte[] many = [.. Enumerable.Repeat(ServedContainer.Framed(TestMessage.Query("web", TestMessage.A)), 4096).SelectMany(b => b)];
        Assert.ThrowsAny<IOException>(() => WriteUntilFull(deaf, many));
        Assert.Equal(["10.0.0.2"], (await container.AskAsync("web")).Data);
        await using NetworkStream other = await container.ConnectAsync();
        await other.WriteAsync(ServedContainer.Framed(TestMessage.Query("web", TestMessage.A)));
        Assert.Equal(["10.0.0.2"], (await ServedContainer.ReadAsync(other)).Data);
    }

    // Full in both directions: the server has stopped reading.
    private static void WriteUntilFull(NetworkStream stream, byte[] bytes)
    {
        for (long written = 0; written < 1L << 32; written += bytes.Length)
        {
            stream.Write(bytes);
        }
    }

    [Fact]
    public async Task ConnectionsAreBoundedPerContainerAndInAll()
    {
        var server = new DnsServer(ServedContainer.Open, Patient with { ConnectionsPerClient = 2, Connections = 3 }, static _ => { });
        await using var one = new ServedContainer(TestClients.Two(), server: server);
        await using var other = new ServedContainer(TestClients.Two(), server: server);
        byte[] query = ServedContainer.Framed(TestMessage.Query("web", TestMessage.A));
        List<NetworkStream> kept = [await AskedAsync(one, query), await AskedAsync(one, query)];
        await using NetworkStream third = await one.ConnectAsync();
        Assert.True(await ServedContainer.EndsAsync(third)); // the container's own limit
        kept.Add(await AskedAsync(other, query));
        await using NetworkStream fourth = await other.ConnectAsync();
        Assert.True(await ServedContainer.EndsAsync(fourth)); // that of all

        // A place that is given back can be taken.
        await kept[0].DisposeAsync();
        await TestHost.UntilAsync(() => Answers(other, query), "a place");
        foreach (NetworkStream stream in kept)
        {
            await stream.DisposeAsync();
        }
    }

    // A connection that is being served.
    private static async Task<NetworkStream> AskedAsync(ServedContainer container, byte[] query)
    {
        NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(query);
        await ServedContainer.ReadAsync(stream);
        return stream;
    }

    private static bool Answers(ServedContainer container, byte[] query)
    {
        using var client = new TcpClient();
        client.Connect(container.Streams);
        try
        {
            client.GetStream().Write(query);
            return client.GetStream().Read(new byte[512]) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task WhoLeavesClosesAll()
    {
        var container = new ServedContainer(TestClients.Two(), Patient);
        await using NetworkStream stream = await container.ConnectAsync();
        await stream.WriteAsync(ServedContainer.Framed(TestMessage.Query("web", TestMessage.A)));
        await ServedContainer.ReadAsync(stream);
        await container.DisposeAsync();
        await container.DisposeAsync();
        Assert.True(await ServedContainer.EndsAsync(stream));
        using var again = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        again.Bind(container.Datagrams); // the port is free
        await Assert.ThrowsAsync<SocketException>(container.ConnectAsync);
        Assert.Empty(container.Log);
    }
}
