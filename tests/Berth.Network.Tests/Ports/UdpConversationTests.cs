using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;

namespace Berth.Network.Tests.Ports;

/// <summary>Who talks UDP with a published port all the time is not kept at a container that does not have it any more.</summary>
public sealed class UdpConversationTests
{
    private static readonly PortRequest[] Wanted = [Request(53, 5300), Request(54, 5301)];

    [Fact]
    public async Task AllOfThemFollowTheirPortsInOneChange()
    {
        using var host = new TestHost();
        using var outside = new OutsideHost(host);
        await host.AddContainersAsync("c1", "c2");
        await using NetworkService service = await host.StartAsync();
        var on = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] };
        using Sandbox former = await service.Endpoints.TakeAsync("c1", on with { Ports = Wanted }, CancellationToken.None);
        using Sandbox next = await service.Endpoints.TakeAsync("c2", on, CancellationToken.None);
        using Socket f53 = Bound(former.Namespace, 53), f54 = Bound(former.Namespace, 54), n53 = Bound(next.Namespace, 53), n54 = Bound(next.Namespace, 54);
        using Socket client53 = Bound(outside.Namespace, 0), client54 = Bound(outside.Namespace, 0);
        await HearsAsync(f53, client53, 5300);
        await HearsAsync(f54, client54, 5301);

        (await service.Ports.RemoveAsync("c1", static _ => true)).Dispose();
        former.Ports.ToList().ForEach(p => p.Dispose());
        using PortChange moved = await MoveAsync(service);
        Drain(f53, f54);
        await HearsAsync(n53, client53, 5300);
        await HearsAsync(n54, client54, 5301);
        Assert.Equal(0, f53.Available + f54.Available);
    }

    // A process that another test starts has the former sockets too, until it executes its program.
    private static async Task<PortChange> MoveAsync(NetworkService service)
    {
        for (int left = 200; ; left--)
        {
            try
            {
                return await service.Ports.AddAsync("c2", Wanted, throughHost: false);
            }
            catch (Berth.Storage.EngineException) when (left > 0)
            {
                await Task.Delay(20);
            }
        }
    }

    private static PortRequest Request(ushort container, ushort host) => new(ProtocolType.Udp, container, IPAddress.Any, host, host);

    private static Socket Bound(FileDescriptor space, int port) => NetworkNamespace.Run(space, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    // A new bridge port passes packets only some time after it is up.
    private static Task HearsAsync(Socket server, Socket client, int port) => TestHost.UntilAsync(
        () =>
        {
            client.SendTo([1], new IPEndPoint(OutsideHost.HostsAddress, port));
            return server.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead);
        },
        $"port {port} is heard");

    private static void Drain(params Socket[] sockets)
    {
        foreach (Socket socket in sockets)
        {
            while (socket.Available > 0)
            {
                socket.Receive(new byte[16]);
            }
        }
    }
}
