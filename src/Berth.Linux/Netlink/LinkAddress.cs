using System.Net;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>An IP address of an interface.</summary>
public sealed record LinkAddress(int LinkIndex, IPAddress Address, int PrefixLength)
{
    internal static LinkAddress? Parse(NetlinkMessage message)
    {
        if (message.Type != RTM_NEWADDR || !message.TrySplit(out ifaddrmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        IPAddress? address = null;
        bool local = false;
        while (attributes.Read())
        {
            // IFA_LOCAL is the interface's own; IFA_ADDRESS is the peer's on a point-to-point link and IPv6's only one.
            if (attributes.Type == IFA_LOCAL || (attributes.Type == IFA_ADDRESS && !local))
            {
                local |= attributes.Type == IFA_LOCAL;
                address = attributes.Value.Length is 4 or 16 ? new IPAddress(attributes.Value) : address;
            }
        }

        return address is null ? null : new LinkAddress((int)header.ifa_index, address, header.ifa_prefixlen);
    }
}
