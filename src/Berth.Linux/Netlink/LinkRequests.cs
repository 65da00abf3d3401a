using System.Net;

using Berth.Linux.Files;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>rtnetlink's requests about interfaces that stand on others, bridge ports and moves between namespaces.</summary>
public static class LinkRequests
{
    /// <summary>Makes an interface, at once in its namespace and under its name.</summary>
    /// <exception cref="LinuxException">At the execution: EOPNOTSUPP, the kernel lacks the kind; EBUSY, the parent is taken (a bridge's port, passthru).</exception>
    public static NetlinkBatch AddLink(this NetlinkBatch batch, NewLink link)
    {
        batch.Begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWLINK {link.Name} ({link.Kind.Name})").Put(default(ifinfomsg)).Attribute(IFLA_IFNAME, link.Name);
        if (link.Parent != 0)
        {
            batch.Attribute(IFLA_LINK, (uint)link.Parent);
        }

        if (link.Address is not null)
        {
            batch.Attribute(IFLA_ADDRESS, link.Address);
        }

        if (link.Mtu != 0)
        {
            batch.Attribute(IFLA_MTU, (uint)link.Mtu);
        }

        if (link.Namespace is not null)
        {
            batch.Attribute(IFLA_NET_NS_FD, (uint)link.Namespace.Number);
        }

        return batch.Nested(IFLA_LINKINFO, link.Kind, static (info, kind) => info
            .Attribute(IFLA_INFO_KIND, kind.Name)
            .Nested(IFLA_INFO_DATA, kind, static (data, kind) => kind.AddData(data)));
    }

    public static NetlinkBatch SetDown(this NetlinkBatch batch, int index) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {index} down").Put(new ifinfomsg { ifi_index = index, ifi_change = IFF_UP });

    /// <summary>Moves an interface to another namespace and gives it a name there. It is down afterwards, without addresses, and has another index.</summary>
    public static NetlinkBatch MoveLink(this NetlinkBatch batch, int index, FileDescriptor target, string name) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {index} to a namespace as {name}")
            .Put(new ifinfomsg { ifi_index = index })
            .Attribute(IFLA_NET_NS_FD, (uint)target.Number)
            .Attribute(IFLA_IFNAME, name);

    /// <summary>Settings of a bridge's port; null leaves one as it is.</summary>
    /// <param name="batch">Where it is added.</param>
    /// <param name="index">The port.</param>
    /// <param name="isolated">Isolated ports of a bridge do not reach each other.</param>
    /// <param name="hairpin">Packets may go back by the port they came in by.</param>
    public static NetlinkBatch SetBridgePort(this NetlinkBatch batch, int index, bool? isolated = null, bool? hairpin = null) =>
        batch.Begin(RTM_SETLINK, 0, $"RTM_SETLINK {index} bridge port")
            .Put(new ifinfomsg { ifi_family = AF_BRIDGE, ifi_index = index })
            .Nested(IFLA_PROTINFO, (isolated, hairpin), static (b, s) =>
            {
                if (s.isolated is { } isolated)
                {
                    b.Attribute(IFLA_BRPORT_ISOLATED, (byte)(isolated ? 1 : 0));
                }

                if (s.hairpin is { } hairpin)
                {
                    b.Attribute(IFLA_BRPORT_MODE, (byte)(hairpin ? 1 : 0));
                }
            });

    /// <summary>Forgets which hardware address an IP address has on a link, so that it is asked for anew. Not known: no error.</summary>
    public static NetlinkBatch DeleteNeighbour(this NetlinkBatch batch, int index, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return batch.Begin(RTM_DELNEIGH, 0, $"RTM_DELNEIGH {address}", tolerated: Errno.ENOENT)
            .Put(new ndmsg { ndm_family = bytes.Length == 4 ? AF_INET : AF_INET6, ndm_ifindex = index })
            .Attribute(NDA_DST, bytes);
    }

    /// <summary>From now on the host answers neighbour solicitations for an IPv6 address that come by a link, as if it were its own; where the link's proxy_ndp is on. There already: no error.</summary>
    public static NetlinkBatch AddProxy(this NetlinkBatch batch, int index, IPAddress address) =>
        batch.Begin(RTM_NEWNEIGH, NLM_F_CREATE, $"RTM_NEWNEIGH proxy {address}")
            .Put(new ndmsg { ndm_family = AF_INET6, ndm_ifindex = index, ndm_flags = NTF_PROXY })
            .Attribute(NDA_DST, address.GetAddressBytes());

    /// <summary>Not known: no error.</summary>
    public static NetlinkBatch DeleteProxy(this NetlinkBatch batch, int index, IPAddress address) =>
        batch.Begin(RTM_DELNEIGH, 0, $"RTM_DELNEIGH proxy {address}", tolerated: Errno.ENOENT)
            .Put(new ndmsg { ndm_family = AF_INET6, ndm_ifindex = index, ndm_flags = NTF_PROXY })
            .Attribute(NDA_DST, address.GetAddressBytes());
}
