using System.Net;
using System.Net.Sockets;
using System.Text;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Endpoints;

/// <summary>Endpoints in the kernel: an interface in a container's namespace, made and removed while it runs. Used on the network thread only.</summary>
internal sealed class EndpointLinks(HostSockets host, BridgeSet bridges, ParentLinks parents, DepartingEndpoints departing)
{
    // Interfaces without a peer on the host can be reached by their namespace only; it would live on while its last user is cleaned up, and with
    // it addresses that somebody else has by then.
    private readonly Dictionary<string, FileDescriptor> _spaces = new(StringComparer.Ordinal);

    /// <summary>Makes the endpoint's interface, up and with its addresses. What fails leaves nothing.</summary>
    /// <exception cref="EngineException">Unavailable: the bridge is full. Conflict: the interface's name is taken. Else why the kernel refused.</exception>
    public void Attach(FileDescriptor space, Network network, Endpoint endpoint)
    {
        try
        {
            try
            {
                AttachOnce(space, network, endpoint);
            }
            catch (LinuxException e) when (MayGoAgain(e.Errno, network))
            {
                AttachOnce(space, network, endpoint);
            }
        }
        catch (LinuxException e)
        {
            throw e.Errno switch
            {
                // find_portno in net/bridge/br_if.c: a port's number has ten bits, and 0 is none.
                Errno.EXFULL => EngineException.Unavailable(
                    $"network {network.Name} is full: {network.Bridge} has all the 1023 ports a bridge can have; remove containers, or make another network", e),
                Errno.EBUSY or Errno.EADDRINUSE or Errno.EINVAL when network.Bridge is null => EngineException.Conflict(
                    $"the interface on network {network.Name} could not be made: its parent {ParentLink.Of(network).Name} is used otherwise (a bridge's port, another driver's parent, passthru), "
                    + $"or the hardware address {endpoint.MacAddress} is there already: {e.Message}"),
                Errno.EEXIST => EngineException.Conflict($"the container has an interface {endpoint.Interface} of its own making: name another (interface name), or remove it"),
                _ => EngineException.Internal($"the container's interface on network {network.Name} could not be made: {e.Message}", e),
            };
        }
    }

    /// <summary>Takes an endpoint's interface out of a namespace that lives on.</summary>
    public void Detach(FileDescriptor space, Endpoint endpoint) => host.Within(space, () =>
    {
        using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        Remove(inside, endpoint);
        Forget(endpoint);
        return true;
    });

    /// <summary>Takes interfaces away that have no peer on the host, whose containers ended; those an earlier daemon made go with their namespaces.</summary>
    public void Release(IReadOnlyCollection<Endpoint> endpoints)
    {
        foreach (Endpoint endpoint in endpoints)
        {
            if (_spaces.TryGetValue(endpoint.Id, out FileDescriptor? space))
            {
                Detach(space, endpoint);
            }
        }
    }

    /// <summary>Puts default routes in place of those that stand.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="choice">Which.</param>
    /// <param name="answers">Of what is published elsewhere; null: there are none, and none stand.</param>
    public void Route(FileDescriptor space, GatewayChoice choice, IReadOnlyCollection<AnswerPath>? answers) => host.Within(space, () =>
    {
        using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        List<Link> links = inside.Links();
        var wanted = choice.Routes().Select(r => (Link: links.FirstOrDefault(l => l.Name == r.Interface)?.Index ?? 0, r.Gateway)).Where(r => r.Link != 0).ToList();

        // Ours have a gateway. A default route that the container made over a tunnel has none, or stands in a table of its own, and stays.
        List<Route> standing = [.. inside.Routes().Where(r => r is { PrefixLength: 0, Gateway: not null, Table: Libc.RT_TABLE_MAIN })];
        var batch = new NetlinkBatch();
        foreach (Route route in standing.Where(r => !wanted.Contains((r.LinkIndex, r.Gateway!))))
        {
            batch.DeleteRoute(route);
        }

        foreach ((int link, IPAddress gateway) in wanted.Where(w => !standing.Any(r => r.LinkIndex == w.Link && w.Gateway.Equals(r.Gateway))))
        {
            batch.AddRoute(new Route(null, 0, gateway, link));
        }

        if (!batch.IsEmpty)
        {
            inside.Execute(batch.AcknowledgeLast());
        }

        if (answers is not null)
        {
            AnswerRoutes.Replace(inside, answers);
        }

        return true;
    });

    private bool MayGoAgain(int errno, Network network)
    {
        switch (errno)
        {
            // Somebody removed the bridge a moment ago, and its notification has not been read yet.
            case Errno.ENODEV or Errno.EINVAL when network.Bridge is { } bridge:
                bridges.EnsureAgain(bridge);
                return true;

            // Full, and somebody is leaving: the network thread waits, for milliseconds and in this case only.
            case Errno.EXFULL when departing.Of(network.Id) is { } leaving:
                leaving.Wait();
                return true;
            default:
                return false;
        }
    }

    private void AttachOnce(FileDescriptor space, Network network, Endpoint endpoint) => host.Within(space, () =>
    {
        using NetlinkSocket inside = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        try
        {
            if (network.EnableIpv6)
            {
                Make(space, network, endpoint);
            }
            else
            {
                using (Ipv6Default.Disable())
                {
                    Make(space, network, endpoint);
                }
            }

            Set(endpoint);
            Configure(inside, endpoint);
            if (endpoint.HostInterface is null)
            {
                _spaces[endpoint.Id] = space.Duplicate();
            }

            return true;
        }
        catch (Exception e) when (e is EngineException or LinuxException { Errno: not Errno.EEXIST }) // EEXIST: the interface of that name is not ours to remove
        {
            Remove(inside, endpoint);
            throw;
        }
    });

    private void Forget(Endpoint endpoint)
    {
        if (_spaces.Remove(endpoint.Id, out FileDescriptor? space))
        {
            space.Dispose();
        }
    }

    private void Make(FileDescriptor space, Network network, Endpoint endpoint)
    {
        if (network.Bridge is null)
        {
            MakeOnParent(space, network, endpoint);
            return;
        }

        host.Routes.Execute(new NetlinkBatch().AddVethPair(new VethPair
        {
            Name = endpoint.HostInterface!,
            Master = bridges.IndexOf(network.Bridge!),
            Mtu = network.Mtu,
            PeerName = endpoint.Interface,
            PeerAddress = endpoint.MacAddress.ToBytes(),
            PeerNamespace = space,
        }).AcknowledgeLast());
        bridges.Isolate(network.Bridge!, PortPlace.Of(endpoint)!);
    }

    private void MakeOnParent(FileDescriptor space, Network network, Endpoint endpoint)
    {
        ParentLink parent = ParentLink.Of(network);
        host.Routes.Execute(new NetlinkBatch().AddLink(new NewLink
        {
            Name = endpoint.Interface,
            Kind = parent.Children,
            Parent = parents.IndexOf(network, parent),
            Address = parent.SharesAddress ? null : endpoint.MacAddress.ToBytes(),
            Mtu = parent.Mtu,
            Namespace = space,
        }).AcknowledgeLast());
    }

    private static void Configure(NetlinkSocket inside, Endpoint endpoint)
    {
        int index = (inside.FindLink(endpoint.Interface) ?? throw new LinuxException("rtnetlink", endpoint.Interface, Errno.ENODEV)).Index;
        NetlinkBatch batch = new NetlinkBatch().SetUp(index);
        if (endpoint.Address is not null)
        {
            batch.AddAddress(new LinkAddress(index, endpoint.Address, endpoint.PrefixLength));
        }

        if (endpoint.Ipv6Address is not null)
        {
            batch.AddAddress(new LinkAddress(index, endpoint.Ipv6Address, endpoint.Ipv6PrefixLength));
        }

        // The links' own prefixes: RFC 3927, section 2.1, and RFC 4291, section 2.5.6.
        foreach (IPAddress address in endpoint.LinkLocal)
        {
            batch.AddAddress(new LinkAddress(index, address, address.AddressFamily == AddressFamily.InterNetwork ? 16 : 64));
        }

        inside.Execute(batch.AcknowledgeLast());
    }

    // Called inside the container's namespace: files below /proc/sys/net are those of the thread that opens them.
    private static void Set(Endpoint endpoint)
    {
        foreach (InterfaceSetting setting in endpoint.Settings)
        {
            string path = setting.PathOf(endpoint.Interface);
            if (setting is { Protocol: "ipv6", Group: "conf", Name: "disable_ipv6" } && setting.Value.Trim() != "0" && endpoint.Ipv6Address is { } address)
            {
                throw EngineException.Invalid($"the sysctl {setting} would take the address {address} from the interface {endpoint.Interface}: connect it to a network without IPv6");
            }

            try
            {
                using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY);
                FileWrite.All(file, Encoding.ASCII.GetBytes(setting.Value + "\n"), path);
            }
            catch (LinuxException e)
            {
                throw EngineException.Invalid(
                    e.Errno is Errno.ENOENT or Errno.EISDIR or Errno.ENOTDIR ? $"{path} is not a sysctl file: the kernel knows no {setting}" : $"unable to write to '{path}': {setting}: {e.Message}", e);
            }
        }
    }

    private void Remove(NetlinkSocket inside, Endpoint endpoint)
    {
        if (endpoint.HostInterface is { } pair)
        {
            HostBridge.RemoveLinks(host.Routes, [pair]);
        }
        else if (inside.FindLink(endpoint.Interface) is { Kind: "macvlan" or "ipvlan" })
        {
            HostBridge.RemoveLinks(inside, [endpoint.Interface]); // by its kind: the container may have given the name to another, and some have the parent's hardware address
        }
    }
}
