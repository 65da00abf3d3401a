using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;

namespace Berth.Network.Tests;

/// <summary>A machine beside the test host on a wire of its own, with a server that has no route to containers.</summary>
internal sealed class OutsideHost : IDisposable
{
    private readonly Socket _listener;

    public OutsideHost(TestHost host)
    {
        Namespace = NetworkNamespace.Create();
        host.Routes.Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = "outside0", PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 9], PeerNamespace = Namespace,
        }).AcknowledgeLast());
        int index = host.Routes.FindLink("outside0")!.Index;
        host.Routes.Execute(new NetlinkBatch().AddAddress(new LinkAddress(index, HostsAddress, 24)).AcknowledgeLast());
        _listener = NetworkNamespace.Run(Namespace, () =>
        {
            using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            int eth0 = inside.FindLink("eth0")!.Index;
            inside.Execute(new NetlinkBatch().SetUp("lo").SetUp(eth0).AddAddress(new LinkAddress(eth0, Address, 24)).AcknowledgeLast());
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(Address, 0));
            listener.Listen();
            return listener;
        });
    }

    public static IPAddress HostsAddress { get; } = IPAddress.Parse("198.51.100.1");

    public static IPAddress Address { get; } = IPAddress.Parse("198.51.100.2");

    public FileDescriptor Namespace { get; }

    public IPEndPoint Server => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Accepts a connection and says from whom.</summary>
    public async Task<IPAddress> AcceptOneAsync()
    {
        using Socket accepted = await _listener.AcceptAsync();
        return ((IPEndPoint)accepted.RemoteEndPoint!).Address;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Namespace.Dispose();
    }
}
