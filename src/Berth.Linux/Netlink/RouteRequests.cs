using System.Net;
using System.Net.Sockets;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>rtnetlink's requests, one method a message. See rtnetlink(7).</summary>
public static class RouteRequests
{
    /// <summary>A bridge with a fixed hardware address: a bridge without one takes its ports' lowest, and neighbours lose it when that port goes.</summary>
    public static NetlinkBatch AddBridge(this NetlinkBatch batch, string name, byte[] address, int mtu) =>
        batch.Begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWLINK {name}")
            .Put(new ifinfomsg { ifi_flags = IFF_UP, ifi_change = IFF_UP })
            .Attribute(IFLA_IFNAME, name)
            .Attribute(IFLA_ADDRESS, address)
            .Attribute(IFLA_MTU, (uint)mtu)
            .Nested(IFLA_LINKINFO, static info => info.Attribute(IFLA_INFO_KIND, "bridge"));

    /// <summary>A pair in one message: both ends made, this end up and a port of its bridge, the other end in its namespace under its final name.</summary>
    public static NetlinkBatch AddVethPair(this NetlinkBatch batch, VethPair pair)
    {
        batch.Begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWLINK {pair.Name}")
            .Put(new ifinfomsg { ifi_flags = IFF_UP, ifi_change = IFF_UP })
            .Attribute(IFLA_IFNAME, pair.Name)
            .Attribute(IFLA_MTU, (uint)pair.Mtu);
        if (pair.Master != 0)
        {
            batch.Attribute(IFLA_MASTER, (uint)pair.Master);
        }

        return batch.Nested(IFLA_LINKINFO, pair, static (info, pair) => info
            .Attribute(IFLA_INFO_KIND, "veth")
            .Nested(IFLA_INFO_DATA, pair, static (data, pair) => data
                .Nested(VETH_INFO_PEER, pair, static (peer, pair) => peer
                    .Put(default(ifinfomsg))
                    .Attribute(IFLA_IFNAME, pair.PeerName)
                    .Attribute(IFLA_ADDRESS, pair.PeerAddress)
                    .Attribute(IFLA_MTU, (uint)pair.Mtu)
                    .Attribute(IFLA_NET_NS_FD, (uint)pair.PeerNamespace.Number))));
    }

    /// <summary>Brings an interface up, found by its name.</summary>
    public static NetlinkBatch SetUp(this NetlinkBatch batch, string name) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {name} up")
            .Put(new ifinfomsg { ifi_flags = IFF_UP, ifi_change = IFF_UP })
            .Attribute(IFLA_IFNAME, name);

    public static NetlinkBatch SetUp(this NetlinkBatch batch, int index) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {index} up").Put(new ifinfomsg { ifi_index = index, ifi_flags = IFF_UP, ifi_change = IFF_UP });

    public static NetlinkBatch SetName(this NetlinkBatch batch, int index, string name) => Change(batch, index, "name").Attribute(IFLA_IFNAME, name);

    public static NetlinkBatch SetMtu(this NetlinkBatch batch, int index, int mtu) => Change(batch, index, "mtu").Attribute(IFLA_MTU, (uint)mtu);

    public static NetlinkBatch SetHardwareAddress(this NetlinkBatch batch, int index, byte[] address) => Change(batch, index, "address").Attribute(IFLA_ADDRESS, address);

    /// <summary>Makes an interface a port of a bridge; 0 takes it out.</summary>
    public static NetlinkBatch SetMaster(this NetlinkBatch batch, int index, int master) => Change(batch, index, "master").Attribute(IFLA_MASTER, (uint)master);

    /// <summary>Puts an interface into a group, so that <see cref="DeleteGroup"/> can take all of them at once. Gone already: no error.</summary>
    public static NetlinkBatch SetGroup(this NetlinkBatch batch, string name, uint group) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {name} group", tolerated: Errno.ENODEV)
            .Put(default(ifinfomsg))
            .Attribute(IFLA_IFNAME, name)
            .Attribute(IFLA_GROUP, group);

    /// <summary>Removes every interface of a group: the kernel's waiting for readers is paid once for all. ENODEV (none is left) is no error.</summary>
    public static NetlinkBatch DeleteGroup(this NetlinkBatch batch, uint group) =>
        batch.Begin(RTM_DELLINK, 0, $"RTM_DELLINK group {group}", tolerated: Errno.ENODEV).Put(default(ifinfomsg)).Attribute(IFLA_GROUP, group);

    /// <summary>Removes an interface (a veth with its peer). Gone already: no error.</summary>
    public static NetlinkBatch DeleteLink(this NetlinkBatch batch, int index) =>
        batch.Begin(RTM_DELLINK, 0, $"RTM_DELLINK {index}", tolerated: Errno.ENODEV).Put(new ifinfomsg { ifi_index = index });

    public static NetlinkBatch DeleteLink(this NetlinkBatch batch, string name) =>
        batch.Begin(RTM_DELLINK, 0, $"RTM_DELLINK {name}", tolerated: Errno.ENODEV).Put(default(ifinfomsg)).Attribute(IFLA_IFNAME, name);

    /// <summary>Gives an interface an address. There already: no error.</summary>
    public static NetlinkBatch AddAddress(this NetlinkBatch batch, LinkAddress address)
    {
        bool four = address.Address.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = address.Address.GetAddressBytes();
        batch.Begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWADDR {address.Address}/{address.PrefixLength}", tolerated: Errno.EEXIST)
            .Put(new ifaddrmsg { ifa_family = Family(address.Address), ifa_prefixlen = (byte)address.PrefixLength, ifa_index = (uint)address.LinkIndex })
            .Attribute(IFA_LOCAL, bytes)
            .Attribute(IFA_ADDRESS, bytes);
        // IPv6 would spend a second on looking for a duplicate; on a bridge of ours there is none.
        return four ? batch.Attribute(IFA_BROADCAST, Broadcast(bytes, address.PrefixLength)) : batch.Attribute(IFA_FLAGS, IFA_F_NODAD);
    }

    public static NetlinkBatch DeleteAddress(this NetlinkBatch batch, LinkAddress address) =>
        batch.Begin(RTM_DELADDR, 0, $"RTM_DELADDR {address.Address}", tolerated: Errno.EADDRNOTAVAIL)
            .Put(new ifaddrmsg { ifa_family = Family(address.Address), ifa_prefixlen = (byte)address.PrefixLength, ifa_index = (uint)address.LinkIndex })
            .Attribute(IFA_LOCAL, address.Address.GetAddressBytes());

    /// <summary>Adds a route. There already: no error.</summary>
    public static NetlinkBatch AddRoute(this NetlinkBatch batch, Route route) =>
        RouteAttributes(batch.Begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, $"RTM_NEWROUTE {Name(route)}", tolerated: Errno.EEXIST), route);

    /// <summary>Adds a route in place of the one to the same destination, if there is one.</summary>
    public static NetlinkBatch ReplaceRoute(this NetlinkBatch batch, Route route) =>
        RouteAttributes(batch.Begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, $"RTM_NEWROUTE {Name(route)}"), route);

    /// <summary>Removes a route. Gone already, or its link is down or gone: no error.</summary>
    public static NetlinkBatch DeleteRoute(this NetlinkBatch batch, Route route) =>
        RouteAttributes(batch.Begin(RTM_DELROUTE, 0, $"RTM_DELROUTE {Name(route)}", tolerated: Errno.ESRCH), route);

    private static NetlinkBatch RouteAttributes(NetlinkBatch batch, Route route)
    {
        byte family = Family(route.Gateway ?? route.Destination ?? throw new LinuxException("rtnetlink", "route without destination and gateway", Errno.EINVAL));
        batch.Put(new rtmsg
        {
            rtm_family = family,
            rtm_dst_len = (byte)route.PrefixLength,
            rtm_table = route.Table < 256 ? (byte)route.Table : (byte)0,
            rtm_protocol = RTPROT_BOOT,
            rtm_scope = (route.Type, route.Gateway, family) switch
            {
                (RouteType.Local, _, AF_INET) => RT_SCOPE_HOST,
                (RouteType.Unicast, null, AF_INET) => RT_SCOPE_LINK,
                _ => RT_SCOPE_UNIVERSE,
            },
            rtm_type = (byte)route.Type,
        });
        if (route.Destination is not null && route.PrefixLength > 0)
        {
            batch.Attribute(RTA_DST, route.Destination.GetAddressBytes());
        }

        if (route.Gateway is not null)
        {
            batch.Attribute(RTA_GATEWAY, route.Gateway.GetAddressBytes());
        }

        if (route.Table >= 256)
        {
            batch.Attribute(RTA_TABLE, (uint)route.Table);
        }

        return route.LinkIndex == 0 ? batch : batch.Attribute(RTA_OIF, (uint)route.LinkIndex);
    }

    private static NetlinkBatch Change(NetlinkBatch batch, int index, string what) =>
        batch.Begin(RTM_NEWLINK, 0, $"RTM_NEWLINK {index} {what}").Put(new ifinfomsg { ifi_index = index });

    private static byte Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? AF_INET : AF_INET6;

    private static string Name(Route route) => $"{(route.Type == RouteType.Unicast ? "" : $"{route.Type.ToString().ToLowerInvariant()} ")}"
        + (route.PrefixLength == 0 ? "default" : $"{route.Destination}/{route.PrefixLength}")
        + (route.Table == RT_TABLE_MAIN ? "" : $" table {route.Table}");

    private static byte[] Broadcast(byte[] address, int prefixLength) =>
        [.. address.Select((octet, i) => (byte)(octet | 0xFF >> Math.Clamp(prefixLength - (8 * i), 0, 8)))];
}
