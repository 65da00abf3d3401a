using System.Net;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>A route: where packets to a destination go.</summary>
/// <param name="Destination">Null for the default route by a gateway; 0.0.0.0 or :: for any other with no bit of it.</param>
/// <param name="PrefixLength">Bits of the destination; 0 for the default route.</param>
/// <param name="Gateway">Null where the destination is on the link itself.</param>
/// <param name="LinkIndex">The interface; 0: the kernel finds it by the gateway.</param>
/// <param name="Table">RT_TABLE_MAIN (254) unless policy routing is used.</param>
/// <param name="Type">What happens to the packets.</param>
public sealed record Route(
    IPAddress? Destination, int PrefixLength, IPAddress? Gateway, int LinkIndex, int Table = RT_TABLE_MAIN, RouteType Type = RouteType.Unicast)
{
    internal static Route? Parse(NetlinkMessage message)
    {
        if (message.Type != RTM_NEWROUTE || !message.TrySplit(out rtmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        IPAddress? destination = null, gateway = null;
        int link = 0, table = header.rtm_table;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case RTA_DST: destination = Address(attributes); break;
                case RTA_GATEWAY: gateway = Address(attributes); break;
                case RTA_OIF: link = (int)attributes.Number; break;
                case RTA_TABLE: table = (int)attributes.Number; break;
            }
        }

        if (gateway is null && destination is null)
        {
            destination = header.rtm_family == AF_INET6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        return new Route(destination, header.rtm_dst_len, gateway, link, table, (RouteType)header.rtm_type);
    }

    private static IPAddress? Address(NetlinkAttributes attributes) => attributes.Value.Length is 4 or 16 ? new IPAddress(attributes.Value) : null;
}
