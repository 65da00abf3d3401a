using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>A network interface as the kernel lists it.</summary>
public sealed record Link
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>"veth", "bridge" …; empty for hardware and lo.</summary>
    public required string Kind { get; init; }

    /// <summary>The bridge it is a port of; 0: none.</summary>
    public required int Master { get; init; }

    public required uint Flags { get; init; }

    public required int Mtu { get; init; }

    /// <summary>Hardware address, six bytes for Ethernet.</summary>
    public required byte[] Address { get; init; }

    public bool IsUp => (Flags & IFF_UP) != 0;

    /// <summary>It is up and there is somebody on the wire: of a pair, the other end is up too (netdevice(7), IFF_LOWER_UP).</summary>
    public bool HasCarrier => (Flags & IFF_LOWER_UP) != 0;

    /// <summary>RTM_NEWLINK as an answer or a notification; null when it is no link.</summary>
    internal static Link? Parse(NetlinkMessage message)
    {
        if (message.Type is not (RTM_NEWLINK or RTM_DELLINK) || !message.TrySplit(out ifinfomsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        string name = "", kind = "";
        int master = 0, mtu = 0;
        byte[] address = [];
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME: name = attributes.Text; break;
                case IFLA_MASTER: master = (int)attributes.Number; break;
                case IFLA_MTU: mtu = (int)attributes.Number; break;
                case IFLA_ADDRESS: address = attributes.Value.ToArray(); break;
                case IFLA_LINKINFO: kind = KindOf(attributes.Nested); break;
            }
        }

        return new Link { Index = header.ifi_index, Name = name, Kind = kind, Master = master, Flags = header.ifi_flags, Mtu = mtu, Address = address };
    }

    private static string KindOf(NetlinkAttributes info)
    {
        while (info.Read())
        {
            if (info.Type == IFLA_INFO_KIND)
            {
                return info.Text;
            }
        }

        return "";
    }
}
