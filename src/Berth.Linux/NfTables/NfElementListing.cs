using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>What is in sets and maps, so that it can be carried over when their table is replaced.</summary>
public static class NfElementListing
{
    /// <summary>The elements of a set, each with what is left of its lifetime.</summary>
    /// <exception cref="LinuxException">ENOENT: no such table or set.</exception>
    public static List<NfElement> Elements(this NetlinkSocket socket, NfFamily family, string table, NfSet set) => Elements(socket, family, table, set.Name, set.Key, []);

    /// <summary>The elements of a map.</summary>
    /// <exception cref="LinuxException">ENOENT: no such table or map.</exception>
    public static List<NfElement> Elements(this NetlinkSocket socket, NfFamily family, string table, NfMap map) => Elements(socket, family, table, map.Name, map.Key, map.Value);

    /// <summary>One message's; null when it is none.</summary>
    internal static List<NfElement>? Parse(NetlinkMessage message, IReadOnlyList<NfType> key, IReadOnlyList<NfType> value)
    {
        if (message.Type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM) || !message.TrySplit(out nfgenmsg _, out NetlinkAttributes attributes))
        {
            return null;
        }

        var elements = new List<NfElement>();
        while (attributes.Read())
        {
            if (attributes.Type == NFTA_SET_ELEM_LIST_ELEMENTS)
            {
                NetlinkAttributes list = attributes.Nested;
                while (list.Read())
                {
                    if (ParseElement(list.Nested, key, value) is NfElement element)
                    {
                        elements.Add(element);
                    }
                }
            }
        }

        return elements;
    }

    private static List<NfElement> Elements(
        NetlinkSocket socket, NfFamily family, string table, string name, IReadOnlyList<NfType> key, IReadOnlyList<NfType> value) =>
        [.. socket.Dump(
            () => new NetlinkBatch().Begin((ushort)(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM), NLM_F_DUMP, $"list elements of {table} {name}")
                .Put(new nfgenmsg { nfgen_family = (byte)family })
                .Attribute(NFTA_SET_ELEM_LIST_TABLE, table)
                .Attribute(NFTA_SET_ELEM_LIST_SET, name),
            message => Parse(message, key, value)).SelectMany(static some => some)];

    private static NfElement? ParseElement(NetlinkAttributes attributes, IReadOnlyList<NfType> keyTypes, IReadOnlyList<NfType> valueTypes)
    {
        IReadOnlyList<NfValue>? key = null, value = [];
        TimeSpan? left = null;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NFTA_SET_ELEM_KEY: key = Values(attributes.Nested, keyTypes); break;
                case NFTA_SET_ELEM_DATA: value = Values(attributes.Nested, valueTypes); break;
                case NFTA_SET_ELEM_EXPIRATION: left = TimeSpan.FromMilliseconds(Math.Min(attributes.NumberBigEndian, int.MaxValue * 1000L)); break;
            }
        }

        return key is null || value is null ? null : new NfElement(key, value) { Timeout = left };
    }

    private static List<NfValue>? Values(NetlinkAttributes data, IReadOnlyList<NfType> types)
    {
        while (data.Read())
        {
            if (data.Type == NFTA_DATA_VALUE)
            {
                return NfValue.Parse(data.Value, types);
            }
        }

        return null;
    }
}
