using System.Buffers.Binary;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Changes of the firewall that the kernel takes all at once or not at all: no packet ever meets half of them.</summary>
public sealed class NfTransaction
{
    private const int ElementsPerMessage = 500;

    private readonly NetlinkBatch _batch = new();
    private uint _maps;

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
        foreach (NfMap map in table.Maps)
        {
            Add(table, map);
        }

        // A rule may jump to a chain that stands behind its own.
        foreach (NfChain chain in table.Chains)
        {
            Add(table, chain);
        }

        foreach (NfChain chain in table.Chains)
        {
            foreach (NfRule rule in chain.Rules)
            {
                Add(Begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, table.Family, $"add rule {table.Name} {chain.Name}: {rule}"), table.Family, table.Name, chain.Name, rule);
            }
        }

        return this;
    }

    /// <summary>Puts elements into a map; one that is there with the same value stays.</summary>
    /// <exception cref="LinuxException">At the commit: EEXIST, a key is there with another value.</exception>
    public NfTransaction Add(NfFamily family, string table, string map, params IReadOnlyList<NfElement> elements) =>
        Elements(NFT_MSG_NEWSETELEM, NLM_F_CREATE, family, table, map, elements);

    /// <summary>Takes elements out of a map. They must be there.</summary>
    public NfTransaction Remove(NfFamily family, string table, string map, params IReadOnlyList<NfElement> elements) =>
        Elements(NFT_MSG_DELSETELEM, 0, family, table, map, elements);

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
            .Attribute(NFTA_CHAIN_NAME, chain.Name);
        if (chain.Hook is { } hook)
        {
            _batch.Nested(NFTA_CHAIN_HOOK, (Hook: hook, chain.Priority), static (b, s) => b
                    .AttributeBigEndian(NFTA_HOOK_HOOKNUM, (uint)s.Hook)
                    .AttributeBigEndian(NFTA_HOOK_PRIORITY, (uint)s.Priority))
                .AttributeBigEndian(NFTA_CHAIN_POLICY, NF_ACCEPT)
                .Attribute(NFTA_CHAIN_TYPE, chain.Type);
        }
    }

    private void Add(NfTable table, NfMap map)
    {
        Begin(NFT_MSG_NEWSET, NLM_F_CREATE, table.Family, $"add map {table.Name} {map.Name}")
            .Attribute(NFTA_SET_TABLE, table.Name)
            .Attribute(NFTA_SET_NAME, map.Name)
            .AttributeBigEndian(NFTA_SET_FLAGS, NFT_SET_MAP)
            .AttributeBigEndian(NFTA_SET_KEY_TYPE, NfMap.Number(map.Key))
            .AttributeBigEndian(NFTA_SET_KEY_LEN, NfMap.Length(map.Key))
            .AttributeBigEndian(NFTA_SET_DATA_TYPE, NfMap.Number(map.Value))
            .AttributeBigEndian(NFTA_SET_DATA_LEN, NfMap.Length(map.Value))
            .AttributeBigEndian(NFTA_SET_ID, ++_maps);
        Add(table.Family, table.Name, map.Name, map.Elements);
    }

    private NfTransaction Elements(ushort type, int flags, NfFamily family, string table, string map, IReadOnlyList<NfElement> elements)
    {
        // Lengths of attributes have 16 bits: several messages where there are many.
        foreach (NfElement[] some in elements.Chunk(ElementsPerMessage))
        {
            Begin(type, flags, family, $"{(type == NFT_MSG_NEWSETELEM ? "add" : "remove")} elements of {table} {map}: {some[0]}{(some.Length > 1 ? ", ..." : "")}")
                .Attribute(NFTA_SET_ELEM_LIST_TABLE, table)
                .Attribute(NFTA_SET_ELEM_LIST_SET, map)
                .Nested(NFTA_SET_ELEM_LIST_ELEMENTS, some, static (b, some) =>
                {
                    foreach (NfElement element in some)
                    {
                        b.Nested(NFTA_LIST_ELEM, element, static (b, element) => b
                            .Nested(NFTA_SET_ELEM_KEY, element, static (b, element) => b.Attribute(NFTA_DATA_VALUE, Bytes(element.Key)))
                            .Nested(NFTA_SET_ELEM_DATA, element, static (b, element) => b.Attribute(NFTA_DATA_VALUE, Bytes(element.Value))));
                    }
                });
        }

        return this;
    }

    private static byte[] Bytes(IReadOnlyList<NfValue> values) => [.. values.SelectMany(static v => v.Bytes)];

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
