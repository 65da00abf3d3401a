using System.Buffers.Binary;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Changes of the firewall that the kernel takes all at once or not at all: no packet ever meets half of them.</summary>
public sealed class NfTransaction
{
    private readonly NetlinkBatch _batch = new();

    public NfTransaction() => Control(NFNL_MSG_BATCH_BEGIN, "nf_tables transaction");

    /// <summary>What will be sent.</summary>
    internal NetlinkBatch Batch => _batch;

    /// <summary>Puts a table in place of whatever stands under its name now.</summary>
    public NfTransaction Replace(NfTable table)
    {
        // Deleting what is not there would fail the transaction, so it is made first.
        AddTable(table);
        Delete(table.Family, table.Name);
        AddTable(table);
        foreach (NfChain chain in table.Chains)
        {
            Add(table, chain);
        }

        return this;
    }

    /// <summary>Removes a table with all in it. It must exist.</summary>
    public NfTransaction Delete(NfFamily family, string table)
    {
        Begin(NFT_MSG_DELTABLE, 0, family, $"delete table {table}").Attribute(NFTA_TABLE_NAME, table);
        return this;
    }

    /// <summary>Puts a rule in front of a chain's others, also in a table of somebody else's.</summary>
    public NfTransaction Insert(NfFamily family, string table, string chain, NfRule rule)
    {
        Add(Begin(NFT_MSG_NEWRULE, NLM_F_CREATE, family, $"insert rule {table} {chain}: {rule}"), family, table, chain, rule);
        return this;
    }

    /// <summary>Removes one rule by its handle.</summary>
    public NfTransaction DeleteRule(NfFamily family, string table, string chain, ulong handle)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, handle);
        Begin(NFT_MSG_DELRULE, 0, family, $"delete rule {table} {chain} handle {handle}")
            .Attribute(NFTA_RULE_TABLE, table)
            .Attribute(NFTA_RULE_CHAIN, chain)
            .Attribute(NFTA_RULE_HANDLE, bytes);
        return this;
    }

    /// <summary>Carries it out.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public void Commit(NetlinkSocket socket)
    {
        // Older kernels do not answer the closing message, so the last real one is asked to (nfnetlink_rcv_batch).
        _batch.AcknowledgeLast();
        Control(NFNL_MSG_BATCH_END, "end of transaction");
        socket.Execute(_batch);
    }

    private void AddTable(NfTable table) =>
        Begin(NFT_MSG_NEWTABLE, NLM_F_CREATE, table.Family, $"add table {table.Name}").Attribute(NFTA_TABLE_NAME, table.Name);

    private void Add(NfTable table, NfChain chain)
    {
        Begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE, table.Family, $"add chain {table.Name} {chain.Name}")
            .Attribute(NFTA_CHAIN_TABLE, table.Name)
            .Attribute(NFTA_CHAIN_NAME, chain.Name)
            .Nested(NFTA_CHAIN_HOOK, chain, static (b, chain) => b
                .AttributeBigEndian(NFTA_HOOK_HOOKNUM, (uint)chain.Hook)
                .AttributeBigEndian(NFTA_HOOK_PRIORITY, (uint)chain.Priority))
            .AttributeBigEndian(NFTA_CHAIN_POLICY, NF_ACCEPT)
            .Attribute(NFTA_CHAIN_TYPE, chain.Type);
        foreach (NfRule rule in chain.Rules)
        {
            Add(Begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, table.Family, $"add rule {table.Name} {chain.Name}: {rule}"), table.Family, table.Name, chain.Name, rule);
        }
    }

    private static void Add(NetlinkBatch message, NfFamily family, string table, string chain, NfRule rule)
    {
        message.Attribute(NFTA_RULE_TABLE, table)
            .Attribute(NFTA_RULE_CHAIN, chain)
            .Nested(NFTA_RULE_EXPRESSIONS, (rule, family), static (b, s) => NfEncoder.Statements(b, s.rule, s.family));
        if (rule.Comment is not null)
        {
            message.Attribute(NFTA_RULE_USERDATA, NfEncoder.Comment(rule.Comment));
        }
    }

    private NetlinkBatch Begin(ushort type, int flags, NfFamily family, string label) =>
        _batch.Begin((ushort)(NFNL_SUBSYS_NFTABLES << 8 | type), flags, label).Put(new nfgenmsg { nfgen_family = (byte)family });

    private void Control(ushort type, string label) =>
        _batch.Begin(type, 0, label).Put(new nfgenmsg { res_id = BinaryPrimitives.ReverseEndianness(NFNL_SUBSYS_NFTABLES) });
}
