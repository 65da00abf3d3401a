using System.Net;
using System.Net.Sockets;

using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;

namespace Berth.Network.Tests;

/// <summary>Links on a network that keeps its containers apart: the ports they open, and nothing else.</summary>
public sealed class LinkedPairsTests
{
    private const string Apart = "com.docker.network.bridge.enable_icc";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALinkOpensItsPortsInItsDirectionUntilEitherLeaves(bool isInternal)
    {
        using var host = new TestHost();
        await host.AddContainersAsync("web", "db");
        await using NetworkService service = await host.StartAsync();
        Network network = await MakeAsync(service, isInternal: isInternal);
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

    /// <summary>The name answers AAAA, so the link is open there too; and stays so, although a router would tell of a shorter way, which there is none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALinkIsOpenByIpv6Too(bool isInternal)
    {
        using var host = new TestHost();
        await host.AddContainersAsync("web", "db", "other");
        NetworkService service = await host.StartAsync();
        try
        {
            Network network = await MakeAsync(service, ipv6: true, isInternal);
            using Sandbox web = await TakeAsync(service, "web"), db = await TakeAsync(service, "db"), other = await TakeAsync(service, "other");
            using Socket linked = Listen(db, ipv6: true), shut = Listen(db, ipv6: true);
            Assert.False(Reaches(web, linked));
            LinkedPorts link = new(web.Endpoints[0], db.Endpoints[0], [Port(linked)]);
            await service.Endpoints.AllowAsync([link]);
            await IsOpenAsync(host, network, web, linked);
            Assert.False(Reaches(web, shut));
            Assert.False(Reaches(other, linked));
            Assert.Equal(2, Proxies(host, network));

            // After a daemon's restart it is opened anew; what the last one left is gone until then.
            await service.DisposeAsync();
            service = await host.StartAsync();
            Assert.Equal(0, Proxies(host, network));
            await service.Endpoints.AllowAsync([link]);
            await IsOpenAsync(host, network, web, linked);

            // A bridge that somebody takes away comes back with it.
            host.RunProgram("ip", "link", "delete", network.Bridge!);
            await TestHost.UntilAsync(() => host.Routes.FindLink(network.Bridge!) is not null && host.Routes.Links().Count(l => l.Master != 0) >= 3, "the bridge is back");
            await TestHost.UntilAsync(() => Proxies(host, network) == 2, "the host answers for both");
            TestHost.RunProgramIn(web.Namespace, "ip", "-6", "neigh", "flush", "dev", "eth0");
            TestHost.RunProgramIn(db.Namespace, "ip", "-6", "neigh", "flush", "dev", "eth0");
            await IsOpenAsync(host, network, web, linked);
            await service.Endpoints.ReleaseAsync("db");
            Assert.Equal(0, Proxies(host, network));
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static int Proxies(TestHost host, Network network) => host.RunProgram("ip", "-6", "neigh", "show", "proxy", "dev", network.Bridge!).Split('\n').Count(static l => l.Length > 0);

    // The host tells of a shorter way (a redirect): packets after the first would go astray if it were heeded.
    private static async Task IsOpenAsync(TestHost host, Network network, Sandbox from, Socket listener)
    {
        await TestHost.UntilAsync(() => Reaches(from, listener), "the link is open");
        using Socket client = NetworkNamespace.Run(from.Namespace, () => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000 });
        client.Connect(listener.LocalEndPoint!);
        listener.ReceiveTimeout = 5000;
        for (Socket accepted = listener.Accept(); ; accepted.Dispose(), accepted = listener.Accept())
        {
            if (!accepted.RemoteEndPoint!.Equals(client.LocalEndPoint))
            {
                continue; // of the look above
            }

            using (accepted)
            {
                for (byte i = 0; i < 20; i++)
                {
                    client.Send([i]);
                    byte[] got = new byte[1];
                    accepted.ReceiveTimeout = 5000;
                    Assert.Equal(1, accepted.Receive(got));
                    Assert.Equal(i, got[0]);
                    accepted.Send(got);
                    Assert.Equal(1, client.Receive(got));
                }
            }

            break;
        }

        string neighbours = TestHost.RunProgramIn(from.Namespace, "ip", "-6", "neigh", "show", ((IPEndPoint)listener.LocalEndPoint!).Address.ToString());
        Assert.DoesNotContain("FAILED", neighbours, StringComparison.Ordinal);
        Assert.Contains($"lladdr {host.RunProgram("ip", "link", "show", "dev", network.Bridge!).Split("link/ether ")[1][..17]}", neighbours, StringComparison.Ordinal);
    }

    private static Task<Network> MakeAsync(NetworkService service, bool ipv6 = false, bool isInternal = false) => service.CreateAsync(
        new NetworkDefinition { Name = "apart", EnableIpv6 = ipv6, Internal = isInternal, Options = new Dictionary<string, string> { [Apart] = "false" } }, static (_, _) => { }, CancellationToken.None);

    private static Task<Sandbox> TakeAsync(NetworkService service, string container) =>
        service.Endpoints.TakeAsync(container, new SandboxRequest { Endpoints = [new EndpointRequest { Network = "apart" }] }, CancellationToken.None);

    private static LinkedPort Port(Socket listener) => new(ProtocolType.Tcp, (ushort)((IPEndPoint)listener.LocalEndPoint!).Port);

    private static int Elements(TestHost host) => host.RunProgram("nft", "list", "set", "inet", "berth-berth0", "pairs4").Split("172.").Length / 2;

    private static Socket Listen(Sandbox sandbox, bool ipv6 = false) => NetworkNamespace.Run(sandbox.Namespace, () =>
    {
        IPAddress address = ipv6 ? sandbox.Endpoints[0].Ipv6Address! : sandbox.Endpoints[0].Address!;
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        return listener;
    });

    // What is dropped gets no answer: a second without one is no.
    private static bool Reaches(Sandbox from, Socket listener) => NetworkNamespace.Run(from.Namespace, () =>
    {
        using var client = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
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
