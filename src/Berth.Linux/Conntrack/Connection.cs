using System.Net;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Conntrack;

/// <summary>A connection the kernel keeps track of, for UDP and ICMP too.</summary>
/// <param name="Original">As its first packet was sent, before any translation.</param>
/// <param name="Reply">As answers are expected, before any translation back: a published port's container is the source here.</param>
public sealed record Connection(ConnectionTuple Original, ConnectionTuple Reply)
{
    /// <summary>CTA_TUPLE_ORIG and CTA_ID as they came: both together name this entry and no later one with the same addresses.</summary>
    internal byte[] OriginalBytes { get; private init; } = [];

    internal byte[] Id { get; private init; } = [];

    public bool Equals(Connection? other) => other is not null && Original == other.Original && Reply == other.Reply;

    public override int GetHashCode() => HashCode.Combine(Original, Reply);

    internal bool Has(IPAddress address) =>
        address.Equals(Original.Source) || address.Equals(Original.Destination) || address.Equals(Reply.Source) || address.Equals(Reply.Destination);

    /// <summary>Null for what is no entry of zone 0: others' zones (e.g. a virtual switch's) are none of our business.</summary>
    internal static Connection? Parse(NetlinkMessage message)
    {
        if (message.Type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) || !message.TrySplit(out nfgenmsg _, out NetlinkAttributes attributes))
        {
            return null;
        }

        ConnectionTuple? original = null, reply = null;
        byte[] bytes = [], id = [];
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case CTA_TUPLE_ORIG:
                    original = ConnectionTuple.Parse(attributes.Nested);
                    bytes = attributes.Value.ToArray();
                    break;
                case CTA_TUPLE_REPLY: reply = ConnectionTuple.Parse(attributes.Nested); break;
                case CTA_ID: id = attributes.Value.ToArray(); break;
                case CTA_ZONE: return null;
            }
        }

        return original is null || reply is null ? null : new Connection(original, reply) { OriginalBytes = bytes, Id = id };
    }
}
