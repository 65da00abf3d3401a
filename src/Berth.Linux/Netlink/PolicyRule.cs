using System.Net;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>A rule that sends packets with a mark, or from an address, to a routing table. ip-rule(8).</summary>
/// <param name="Ipv6">IPv6's or IPv4's.</param>
/// <param name="Priority">Rules are asked in this order, lower first. The kernel's own: 0 (local), 32766 (main), 32767 (default, IPv4 only).</param>
/// <param name="Table">The table.</param>
/// <param name="Mark">The packet's mark, of those bits that the mask has.</param>
/// <param name="Mask">0: every packet.</param>
/// <param name="Source">Packets from this address; null: from any, and from a subnet where the rule is somebody else's.</param>
public sealed record PolicyRule(bool Ipv6, int Priority, int Table, uint Mark = 0, uint Mask = 0, IPAddress? Source = null)
{
    internal static PolicyRule? Parse(NetlinkMessage message)
    {
        if (message.Type != RTM_NEWRULE || !message.TrySplit(out fib_rule_hdr header, out NetlinkAttributes attributes))
        {
            return null;
        }

        int priority = 0, table = header.table;
        uint mark = 0, mask = 0;
        IPAddress? source = null;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case FRA_PRIORITY: priority = (int)attributes.Number; break;
                case FRA_TABLE: table = (int)attributes.Number; break;
                case FRA_FWMARK: mark = attributes.Number; break;
                case FRA_SRC when attributes.Value.Length * 8 == header.src_len: source = new IPAddress(attributes.Value); break;
                case FRA_FWMASK: mask = attributes.Number; break;
            }
        }

        return new PolicyRule(header.family == AF_INET6, priority, table, mark, mask, source);
    }
}
