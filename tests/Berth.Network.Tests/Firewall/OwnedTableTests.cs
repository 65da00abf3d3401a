using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;

namespace Berth.Network.Tests.Firewall;

/// <summary>The table is its daemon's alone while that lives (Linux 6.9), and stays when it does not.</summary>
public sealed class OwnedTableTests : IAsyncLifetime
{
    private static readonly IPEndPoint Published = new(OutsideHost.HostsAddress, 8080);

    private readonly TestHost _host = new();
    private readonly OutsideHost _outside;
    private NetworkService _service = null!;
    private Sandbox _sandbox = null!;
    private Socket _server = null!;

    public OwnedTableTests() => _outside = new OutsideHost(_host);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 9), "kernels before 6.9 have no tables that outlast their owner");
        await _host.AddContainersAsync("c1");
        _service = await _host.StartAsync(static o => o with { OwnsFirewall = true });
        _sandbox = await _service.Endpoints.TakeAsync(
            "c1",
            new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }], Ports = [new PortRequest(ProtocolType.Tcp, 80, IPAddress.Any, 8080, 8080)] },
            CancellationToken.None);
        _server = TcpProbe.Listen(_sandbox.Namespace, IPAddress.Any, 80);
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _sandbox.Dispose();
        await _service.DisposeAsync();
        _outside.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task OthersFlushesPassOverItAndBreakNoConnection()
    {
        using Socket client = await NetworkNamespace.Run(_outside.Namespace, () => ConnectAsync());
        using Socket accepted = await _server.AcceptAsync();
        string before = List();
        for (int i = 0; i < 20; i++)
        {
            _host.RunProgram("nft", "flush", "ruleset");
            Assert.Equal(before, List());
            Assert.Equal(1, await client.SendAsync(new byte[] { (byte)i }));
            byte[] got = new byte[1];
            Assert.Equal(1, await accepted.ReceiveAsync(got));
            Assert.Equal(i, got[0]);
        }

        Assert.DoesNotContain(Log(), l => l.Contains("put back", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("delete table inet berth-berth0")]
    [InlineData("flush chain inet berth-berth0 forward")]
    [InlineData("add element inet berth-berth0 internal { berth0 }")]
    public void OthersChangesOfItAreRefused(string command)
    {
        string before = List();
        Assert.ThrowsAny<Exception>(() => _host.RunProgram("nft", command));
        Assert.Equal(before, List());
    }

    [Fact]
    public async Task ItStaysWithoutItsDaemonAndIsTheNextOnes()
    {
        string before = Rules();
        await _service.DisposeAsync();
        Assert.Equal(before, Rules());
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);

        _service = await _host.StartAsync(static o => o with { OwnsFirewall = true });
        Assert.Equal(before, Rules());
        _host.RunProgram("nft", "flush", "ruleset");
        Assert.Equal(before, Rules());
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
    }

    [Fact]
    public async Task WhatWasSweptAwayWhileNobodyOwnedItIsThereAfterTheNextStart()
    {
        string before = Rules();
        await _service.DisposeAsync();
        _host.RunProgram("nft", "flush", "ruleset");
        Assert.Empty(Rules());
        _service = await _host.StartAsync(static o => o with { OwnsFirewall = true });
        Assert.Equal(before, Rules());
        await TcpProbe.ReachesAsync(_outside.Namespace, Published);
    }

    private static async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(Published);
        return client;
    }

    private string List() => _host.RunProgram("nft", "list", "ruleset");

    // Without the head, which tells the owner.
    private string Rules()
    {
        string list = List();
        int first = list.IndexOf("\tmap", StringComparison.Ordinal);
        return first < 0 ? "" : list[first..];
    }

    private string[] Log()
    {
        lock (_host.Log)
        {
            return [.. _host.Log];
        }
    }
}
