using System.Net;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;
using Berth.Network.Networks;

namespace Berth.Network.Sandboxes;

/// <summary>Makes one sandbox after the other, on the network thread. What fails half-way leaves nothing: the namespace dies with its descriptor, the pair with it.</summary>
internal sealed class SandboxMaker(HostSockets host, BridgePlan plan, BridgeSet bridges)
{
    private const string ContainerInterface = "eth0";

    private int _bridge;

    /// <summary>Makes sure that the bridge stands; before the first sandbox and after it went.</summary>
    public Link EnsureBridge(IReadOnlyList<BridgeAddress>? former = null)
    {
        Link bridge = bridges.Ensure(plan.Shape, former);
        _bridge = bridge.Index;
        return bridge;
    }

    /// <summary>A namespace with lo up and nothing else.</summary>
    public PreparedSandbox MakeIsolated() => InNewNamespace(static (_, inside) =>
    {
        inside.Execute(new NetlinkBatch().SetUp("lo").AcknowledgeLast());
        return (BridgePlace?)null;
    });

    /// <summary>A namespace with lo and an eth0 on the bridge, address and default route set.</summary>
    /// <exception cref="LinuxException">EXFULL: the bridge has all the ports it can have. EEXIST: the name is taken.</exception>
    public PreparedSandbox MakeBridged(BridgePlace place) => InNewNamespace((space, inside) =>
    {
        using (plan.Ipv6Address is null ? Ipv6Default.Disable() : null)
        {
            host.Routes.Execute(new NetlinkBatch().AddVethPair(new VethPair
            {
                Name = place.HostInterface,
                Master = _bridge,
                Mtu = plan.Mtu,
                PeerName = ContainerInterface,
                PeerAddress = place.MacAddress.ToBytes(),
                PeerNamespace = space,
            }).AcknowledgeLast());
        }

        bridges.Isolate(plan.Name, new PortPlace(place.HostInterface, place.MacAddress, [.. ((IPAddress?[])[place.Address, place.Ipv6Address]).OfType<IPAddress>()]));
        int index = (inside.FindLink(ContainerInterface) ?? throw new LinuxException("rtnetlink", ContainerInterface, Errno.ENODEV)).Index;
        NetlinkBatch batch = new NetlinkBatch()
            .SetUp("lo")
            .SetUp(index)
            .AddAddress(new LinkAddress(index, place.Address, plan.Address.PrefixLength))
            .AddRoute(new Route(null, 0, plan.Gateway, index));
        if (place.Ipv6Address is { } six)
        {
            batch.AddAddress(new LinkAddress(index, six, plan.Ipv6Address!.PrefixLength)).AddRoute(new Route(null, 0, plan.Ipv6Gateway, index));
        }

        inside.Execute(batch.AcknowledgeLast());
        return place;
    });

    private PreparedSandbox InNewNamespace(Func<FileDescriptor, NetlinkSocket, BridgePlace?> configure)
    {
        FileDescriptor? space = null;
        try
        {
            NetworkNamespace.UnshareThread();
            space = NetworkNamespace.OpenCurrent();
            using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            return new PreparedSandbox(space, configure(space, inside));
        }
        catch
        {
            space?.Dispose();
            throw;
        }
        finally
        {
            host.GoHome();
        }
    }
}
