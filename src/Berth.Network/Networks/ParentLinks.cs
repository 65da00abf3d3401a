using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The interfaces that macvlan and ipvlan networks stand on: VLANs and dummies are made with their network. Used on the network thread only.</summary>
internal sealed class ParentLinks(HostSockets host)
{
    /// <summary>Makes sure that a network can have containers: the kernel has its driver, its parent is there. What was made for it is up; others' interfaces are theirs.</summary>
    /// <exception cref="EngineException">NotImplemented: the kernel lacks a kind of interface. NotFound: the parent went. Conflict: another stands under its name.</exception>
    public void Ensure(Network network)
    {
        ParentLink parent = ParentLink.Of(network);
        CheckKernelHas(parent.Children, network);
        Link link = host.Routes.FindLink(parent.Name) ?? Make(network, parent);
        if (parent.Made && link.Kind is not ("vlan" or "dummy"))
        {
            throw EngineException.Conflict($"the interface {parent.Name} is not what network {network.Name} made: remove it, or the network");
        }

        if (parent.Made && !link.IsUp)
        {
            host.Routes.Execute(new NetlinkBatch().SetUp(link.Index).AcknowledgeLast());
        }
    }

    /// <summary>Takes away what was made for a network.</summary>
    public void Remove(Network network)
    {
        if (network.MadeLink is { } made && host.Routes.FindLink(made) is { Kind: "vlan" or "dummy" })
        {
            HostBridge.RemoveLinks(host.Routes, [made]);
        }
    }

    /// <summary>The parent's index on the host.</summary>
    /// <exception cref="EngineException">NotFound: it went.</exception>
    public int IndexOf(Network network, ParentLink parent)
    {
        if (parent.Made)
        {
            Ensure(network); // somebody may have removed it
        }

        return (host.Routes.FindLink(parent.Name) ?? throw Missing(network, parent)).Index;
    }

    private Link Make(Network network, ParentLink parent)
    {
        if (!parent.Made)
        {
            throw Missing(network, parent);
        }

        NewLink wanted = new() { Name = parent.Name, Kind = new LinkKind.Dummy(), Mtu = parent.Mtu };
        if (ParentLink.TaggedOf(parent.Name) is { } tagged)
        {
            Link under = host.Routes.FindLink(tagged.Base)
                ?? throw EngineException.NotFound($"the interface {tagged.Base} below {parent.Name}, parent of network {network.Name}, was not found on this host");
            wanted = new NewLink { Name = parent.Name, Kind = new LinkKind.Vlan(tagged.Tag), Parent = under.Index };
        }

        try
        {
            host.Routes.Execute(new NetlinkBatch().AddLink(wanted).AcknowledgeLast());
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            throw EngineException.NotImplemented(
                wanted.Kind is LinkKind.Dummy
                    ? $"network {network.Name} names no parent, and this kernel has no dummy interfaces that could stand in for one: name an interface of the host (-o parent=NAME)"
                    : $"the parent {parent.Name} of network {network.Name} does not exist, and this kernel has no VLANs (802.1Q): name an interface of the host that exists");
        }

        return host.Routes.FindLink(parent.Name) ?? throw EngineException.Internal($"the interface {parent.Name} went while it was made");
    }

    // Without a parent no such interface can be, but a kernel that knows the kind says so in another way (rtnl_newlink looks for the kind first).
    private void CheckKernelHas(LinkKind kind, Network network)
    {
        try
        {
            host.Routes.Execute(new NetlinkBatch().AddLink(new NewLink { Name = $"b-{network.Id[..12]}", Kind = kind }).AcknowledgeLast());
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            throw EngineException.NotImplemented($"network {network.Name} cannot be: this kernel has no {kind.Name} interfaces; use {(kind is LinkKind.Ipvlan ? "macvlan or bridge" : "bridge")}");
        }
        catch (LinuxException)
        {
            // EINVAL: no parent.
        }
    }

    private static EngineException Missing(Network network, ParentLink parent) =>
        EngineException.NotFound($"the parent interface {parent.Name} of network {network.Name} was not found on this host");
}
