using System.Runtime.InteropServices;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>What went through an interface since it was made.</summary>
public sealed record LinkStatistics
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public ulong ReceivedBytes { get; init; }

    public ulong ReceivedPackets { get; init; }

    public ulong ReceivedErrors { get; init; }

    public ulong ReceivedDropped { get; init; }

    public ulong SentBytes { get; init; }

    public ulong SentPackets { get; init; }

    public ulong SentErrors { get; init; }

    public ulong SentDropped { get; init; }

    internal static LinkStatistics? Parse(NetlinkMessage message)
    {
        if (message.Type != RTM_NEWLINK || !message.TrySplit(out ifinfomsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        string name = "";
        Span<ulong> numbers = stackalloc ulong[8]; // the first of struct rtnl_link_stats64: packets, bytes, errors, dropped; received, then sent
        numbers.Clear();
        while (attributes.Read())
        {
            if (attributes.Type == IFLA_IFNAME)
            {
                name = attributes.Text;
            }
            else if (attributes.Type == IFLA_STATS64 && attributes.Value.Length >= numbers.Length * sizeof(ulong))
            {
                attributes.Value[..(numbers.Length * sizeof(ulong))].CopyTo(MemoryMarshal.AsBytes(numbers));
            }
        }

        return new LinkStatistics
        {
            Index = header.ifi_index,
            Name = name,
            ReceivedPackets = numbers[0],
            SentPackets = numbers[1],
            ReceivedBytes = numbers[2],
            SentBytes = numbers[3],
            ReceivedErrors = numbers[4],
            SentErrors = numbers[5],
            ReceivedDropped = numbers[6],
            SentDropped = numbers[7],
        };
    }
}
