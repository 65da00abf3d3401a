using System.Net;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>An entry of the neighbour (ARP, NDP) table.</summary>
public sealed record Neighbour(int LinkIndex, IPAddress Address, byte[] LinkLayerAddress)
{
    internal static Neighbour? Parse(NetlinkMessage message)
    {
        if (message.Type != RTM_NEWNEIGH || !message.TrySplit(out ndmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        IPAddress? address = null;
        byte[] linkLayer = [];
        while (attributes.Read())
        {
            if (attributes.Type == NDA_DST && attributes.Value.Length is 4 or 16)
            {
                address = new IPAddress(attributes.Value);
            }
            else if (attributes.Type == NDA_LLADDR)
            {
                linkLayer = attributes.Value.ToArray();
            }
        }

        return address is null ? null : new Neighbour(header.ndm_ifindex, address, linkLayer);
    }
}
