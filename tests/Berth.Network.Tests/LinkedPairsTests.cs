using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;

namespace Berth.Network.Tests;

/// <summary>Links on a network that keeps its containers apart: the ports they open, and nothing else.</summary>
public sealed class LinkedPairsTests
{
    private const string Apart = "com.docker.network.bridge.enable_icc";

    [Fact]
    public async Task ALinkOpensItsPortsInItsDirectionUntilEitherLeaves()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("web", "db");
        await using NetworkService service = await host.StartAsync();
        Network network = await MakeAsync(service);
        Assert.True(service.Endpoints.KeepsApart(network.Id));
        Assert.False(service.Endpoints.KeepsApart(service.Find("bridge")!.Id));
        using Sandbox web = await TakeAsync(service, "web"), db = await TakeAsync(service, "db");
        using Socket linked = Listen(db), other = Listen(db), back = Listen(web);
        Assert.False(Reaches(web, linked));

        await service.Endpoints.AllowAsync([new LinkedPorts(web.Endpoints[0], db.Endpoints[0], [Port(linked)])]);
        Assert.True(Reaches(web, linked));
        Assert.False(Reaches(web, other));
        Assert.False(Reaches(db, back));

        await service.Endpoints.AllowAsync([new LinkedPorts(web.Endpoints[0], db.Endpoints[0], [Port(other)])]);
        Assert.False(Reaches(web, linked));
        Assert.True(Reaches(web, other));

        Assert.Equal(1, Elements(host));
        await service.Endpoints.ReleaseAsync("db");
        Assert.Equal(0, Elements(host));
    }

    [Fact]
    public async Task NoPortsShutThemAndWhoLeftGetsNone()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("web", "db");
        await using NetworkService service = await host.StartAsync();
        Network network = await MakeAsync(service);
        using Sandbox web = await TakeAsync(service, "web"), db = await TakeAsync(service, "db");
        LinkedPorts link = new(web.Endpoints[0], db.Endpoints[0], [new LinkedPort(ProtocolType.Tcp, 80), new LinkedPort(ProtocolType.Udp, 53)]);
        await service.Endpoints.AllowAsync([link]);
        Assert.Equal(2, Elements(host));
        await service.Endpoints.AllowAsync([link with { Ports = [] }]);
        Assert.Equal(0, Elements(host));

        await service.Endpoints.AllowAsync([link]);
        await service.Endpoints.DisconnectAsync("web", web.Namespace, network.Id);
        Assert.Equal(0, Elements(host));
        await service.Endpoints.AllowAsync([link]);
        Assert.Equal(0, Elements(host));
    }

    private static Task<Network> MakeAsync(NetworkService service) => service.CreateAsync(
        new NetworkDefinition { Name = "apart", Options = new Dictionary<string, string> { [Apart] = "false" } }, static (_, _) => { }, CancellationToken.None);

    private static Task<Sandbox> TakeAsync(NetworkService service, string container) =>
        service.Endpoints.TakeAsync(container, new SandboxRequest { Endpoints = [new EndpointRequest { Network = "apart" }] }, CancellationToken.None);

    private static LinkedPort Port(Socket listener) => new(ProtocolType.Tcp, (ushort)((IPEndPoint)listener.LocalEndPoint!).Port);

    private static int Elements(TestHost host) => host.RunProgram("nft", "list", "set", "inet", "berth-berth0", "pairs").Split("172.").Length / 2;

    private static Socket Listen(Sandbox sandbox) => NetworkNamespace.Run(sandbox.Namespace, () =>
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(sandbox.Endpoints[0].Address!, 0));
        listener.Listen();
        return listener;
    });

    // What is dropped gets no answer: a second without one is no.
    private static bool Reaches(Sandbox from, Socket listener) => NetworkNamespace.Run(from.Namespace, () =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            client.Connect(listener.LocalEndPoint!);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite) && (int)client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! == 0;
        }

        return true;
    });
}
