using System.Text;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>What stands in the firewall, as far as we look for it.</summary>
public static class NfListing
{
    /// <summary>All chains of a family.</summary>
    public static List<NfChainInfo> Chains(this NetlinkSocket socket, NfFamily family) =>
        socket.Dump(() => Question(NFT_MSG_GETCHAIN, family, "list chains"), ParseChain);

    /// <summary>The rules of a family; a chain's are picked by the caller.</summary>
    public static List<NfRuleInfo> Rules(this NetlinkSocket socket, NfFamily family) =>
        socket.Dump(() => Question(NFT_MSG_GETRULE, family, "list rules"), ParseRule);

    /// <summary>The names of a family's tables.</summary>
    public static List<string> Tables(this NetlinkSocket socket, NfFamily family) =>
        socket.Dump(() => Question(NFT_MSG_GETTABLE, family, "list tables"), ParseTable);

    private static NetlinkBatch Question(ushort type, NfFamily family, string label) =>
        new NetlinkBatch().Begin((ushort)(NFNL_SUBSYS_NFTABLES << 8 | type), NLM_F_DUMP, label).Put(new nfgenmsg { nfgen_family = (byte)family });

    private static string? ParseTable(NetlinkMessage message)
    {
        if (message.TrySplit(out nfgenmsg _, out NetlinkAttributes attributes))
        {
            while (attributes.Read())
            {
                if (attributes.Type == NFTA_TABLE_NAME)
                {
                    return attributes.Text;
                }
            }
        }

        return null;
    }

    private static NfChainInfo? ParseChain(NetlinkMessage message)
    {
        string table = "", name = "";
        bool drops = false;
        NfHook? hook = null;
        if (!message.TrySplit(out nfgenmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NFTA_CHAIN_TABLE: table = attributes.Text; break;
                case NFTA_CHAIN_NAME: name = attributes.Text; break;
                case NFTA_CHAIN_HOOK: hook = HookOf(attributes.Nested); break;
                case NFTA_CHAIN_POLICY: drops = attributes.NumberBigEndian == NF_DROP; break;
            }
        }

        return new NfChainInfo(table, name, drops) { Family = (NfFamily)header.nfgen_family, Hook = hook };
    }

    private static NfHook? HookOf(NetlinkAttributes attributes)
    {
        while (attributes.Read())
        {
            if (attributes.Type == NFTA_HOOK_HOOKNUM)
            {
                return (NfHook)attributes.NumberBigEndian;
            }
        }

        return null;
    }

    private static NfRuleInfo? ParseRule(NetlinkMessage message)
    {
        string table = "", chain = "", comment = "";
        ulong handle = 0;
        var meaning = new NfRuleMeaning();
        if (!message.TrySplit(out nfgenmsg header, out NetlinkAttributes attributes))
        {
            return null;
        }

        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NFTA_RULE_TABLE: table = attributes.Text; break;
                case NFTA_RULE_CHAIN: chain = attributes.Text; break;
                case NFTA_RULE_HANDLE: handle = attributes.NumberBigEndian; break;
                case NFTA_RULE_EXPRESSIONS: meaning = NfRuleReader.Read(attributes.Nested); break;
                case NFTA_RULE_USERDATA: comment = CommentOf(attributes.Value); break;
            }
        }

        return new NfRuleInfo(table, chain, handle, comment) { Family = (NfFamily)header.nfgen_family, Meaning = meaning };
    }

    private static string CommentOf(ReadOnlySpan<byte> data)
    {
        while (data.Length >= 2 && data.Length >= 2 + data[1])
        {
            if (data[0] == NFTNL_UDATA_COMMENT)
            {
                return Encoding.UTF8.GetString(data.Slice(2, data[1]).TrimEnd((byte)0));
            }

            data = data[(2 + data[1])..];
        }

        return "";
    }
}
