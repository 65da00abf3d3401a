using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Namespaces;

namespace Berth.Network.Tests;

/// <summary>Who gets a former container's address gets none of its connections.</summary>
public sealed class FormerConnectionsTests : IAsyncLifetime
{
    private static readonly IPAddress Address = IPAddress.Parse("10.64.0.90");
    private static readonly PortRequest Published = new(ProtocolType.Tcp, 80, IPAddress.Any, 8650, 8650);

    private readonly TestHost _host = new();
    private OutsideHost _outside = null!;
    private NetworkService _service = null!;
    private Network _network = null!;

    public async ValueTask InitializeAsync()
    {
        _outside = new OutsideHost(_host);
        await _host.AddContainersAsync("c1", "c2");
        _service = await _host.StartAsync();
        _network = await _service.CreateAsync(
            new NetworkDefinition { Name = "nx", Subnets = [new SubnetDefinition("10.64.0.0/24", null, null, null)] }, static (_, _) => { }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _outside.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnOldConnectionDoesNotReachTheNextContainer(bool disconnected)
    {
        using Sandbox former = await TakeAsync("c1", [Published]);
        using (Socket server = Listening(former.Namespace))
        {
            using Socket client = await ConnectedAsync();
            Assert.Contains(Address.ToString(), Known(), StringComparison.Ordinal);
            await EndAsync(former, disconnected);
            Assert.DoesNotContain(Address.ToString(), Known(), StringComparison.Ordinal);
        }

        using Sandbox next = await TakeAsync("c2", []);
        Assert.DoesNotContain(Address.ToString(), Known(), StringComparison.Ordinal);
    }

    private async Task EndAsync(Sandbox former, bool disconnected)
    {
        if (!disconnected)
        {
            await _service.Endpoints.ReleaseAsync("c1");
            return;
        }

        Endpoint? left = await _service.Endpoints.DisconnectAsync("c1", former.Namespace, _network.Id);
        (await _service.Ports.MoveAsync("c1", left)).Dispose();
    }

    private Task<Sandbox> TakeAsync(string id, IReadOnlyList<PortRequest> ports) => _service.Endpoints.TakeAsync(
        id, new SandboxRequest { Endpoints = [new EndpointRequest { Network = "nx", Address = Address }], Ports = ports }, CancellationToken.None);

    private static Socket Listening(FileDescriptor space) => NetworkNamespace.Run(space, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 80));
        socket.Listen();
        return socket;
    });

    // A new bridge port passes packets only some time after it is up.
    private async Task<Socket> ConnectedAsync()
    {
        Socket socket = NetworkNamespace.Run(_outside.Namespace, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(new IPEndPoint(OutsideHost.HostsAddress, 8650), TestContext.Current.CancellationToken);
        return socket;
    }

    private string Known() => _host.RunProgram("cat", "/proc/net/nf_conntrack");
}
