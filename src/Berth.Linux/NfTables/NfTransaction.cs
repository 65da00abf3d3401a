using System.Buffers.Binary;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Changes of the firewall that the kernel takes all at once or not at all: no packet ever meets half of them.</summary>
public sealed class NfTransaction
{
    private const int ElementsPerMessage = 500;

    private readonly NetlinkBatch _batch = new();
    private uint _sets;

    public NfTransaction() => Control(NFNL_MSG_BATCH_BEGIN, "nf_tables transaction");

    /// <summary>What will be sent.</summary>
    internal NetlinkBatch Batch => _batch;

    /// <summary>Puts a table in place of whatever stands under its name now.</summary>
    public NfTransaction Replace(NfTable table)
    {
        // Deleting what is not there would fail the transaction, so it is made first.
        AddTable(table.Family, table.Name);
        Delete(table.Family, table.Name);
        AddTable(table.Family, table.Name);
        return Fill(table);
    }

    /// <summary>
    /// As <see cref="Replace"/>, and from then on only the socket that commits this may change the table: "nft flush ruleset" of others passes over it.
    /// It outlives the socket, then belongs to nobody and may be replaced by anybody. Linux 6.9 (net/netfilter/nf_tables_api.c, nft_rcv_nl_event).
    /// </summary>
    public NfTransaction ReplaceOwned(NfTable table)
    {
        // A table that outlived its socket could not be made "first": its flags would be taken from it, which the kernel refuses.
        Destroy(table.Family, table.Name);
        Begin(NFT_MSG_NEWTABLE, NLM_F_CREATE, table.Family, $"add owned table {table.Name}")
            .Attribute(NFTA_TABLE_NAME, table.Name)
            .AttributeBigEndian(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER | NFT_TABLE_F_PERSIST);
        return Fill(table);
    }

    /// <summary>Removes a table, or nothing where there is none. Linux 6.3.</summary>
    public NfTransaction Destroy(NfFamily family, string table)
    {
        Begin(NFT_MSG_DESTROYTABLE, 0, family, $"destroy table {table}").Attribute(NFTA_TABLE_NAME, table);
        return this;
    }

    private NfTransaction Fill(NfTable table)
    {
        foreach (NfMap map in table.Maps)
        {
            AddMap(table.Family, table.Name, map);
        }

        foreach (NfSet set in table.Sets)
        {
            AddSet(table.Family, table.Name, set);
        }

        return AddChains(table.Family, table.Name, table.Chains);
    }

    /// <summary>A table by that name, empty where there was none; what is in it stays.</summary>
    public NfTransaction AddTable(NfFamily family, string table)
    {
        Begin(NFT_MSG_NEWTABLE, NLM_F_CREATE, family, $"add table {table}").Attribute(NFTA_TABLE_NAME, table);
        return this;
    }

    /// <summary>A map with its elements in a table that is there; one that is there already, of the same types, is filled up.</summary>
    public NfTransaction AddMap(NfFamily family, string table, NfMap map)
    {
        NewSet(family, table, map.Name, NFT_SET_MAP, map.Key)
            .AttributeBigEndian(NFTA_SET_DATA_TYPE, NfTypes.Number(map.Value))
            .AttributeBigEndian(NFTA_SET_DATA_LEN, NfTypes.Length(map.Value));
        return Add(family, table, map.Name, map.Elements);
    }

    /// <summary>A set with its elements in a table that is there; one that is there already, of the same types, is filled up.</summary>
    public NfTransaction AddSet(NfFamily family, string table, NfSet set)
    {
        NetlinkBatch message = NewSet(family, table, set.Name, set.Timeouts ? NFT_SET_TIMEOUT : 0, set.Key);
        if (set.Size > 0)
        {
            message.Nested(NFTA_SET_DESC, set.Size, static (b, size) => b.AttributeBigEndian(NFTA_SET_DESC_SIZE, size));
        }

        return Add(family, table, set.Name, set.Elements);
    }

    /// <summary>Removes a set or map. It must exist, and no rule that stays may use it.</summary>
    public NfTransaction DeleteSet(NfFamily family, string table, string set)
    {
        Begin(NFT_MSG_DELSET, 0, family, $"delete set {table} {set}").Attribute(NFTA_SET_TABLE, table).Attribute(NFTA_SET_NAME, set);
        return this;
    }

    /// <summary>
    /// Chains with their rules in a table that is there, the rules behind those of a chain that is there already. Rules may jump to any of
    /// these chains, also to one that stands behind their own.
    /// </summary>
    public NfTransaction AddChains(NfFamily family, string table, params IReadOnlyList<NfChain> chains)
    {
        foreach (NfChain chain in chains)
        {
            Add(family, table, chain);
        }

        foreach (NfChain chain in chains)
        {
            foreach (NfRule rule in chain.Rules)
            {
                Append(family, table, chain.Name, rule);
            }
        }

        return this;
    }

    /// <summary>Removes all rules of a chain. It must exist.</summary>
    public NfTransaction FlushChain(NfFamily family, string table, string chain)
    {
        Begin(NFT_MSG_DELRULE, 0, family, $"flush chain {table} {chain}").Attribute(NFTA_RULE_TABLE, table).Attribute(NFTA_RULE_CHAIN, chain);
        return this;
    }

    /// <summary>Removes a chain with its rules. It must exist, and no rule that stays may jump to it.</summary>
    public NfTransaction DeleteChain(NfFamily family, string table, string chain)
    {
        Begin(NFT_MSG_DELCHAIN, 0, family, $"delete chain {table} {chain}").Attribute(NFTA_CHAIN_TABLE, table).Attribute(NFTA_CHAIN_NAME, chain);
        return this;
    }

    /// <summary>Puts elements into a set or map; one that is there (with the same value) stays as it is, with what is left of its lifetime.</summary>
    /// <exception cref="LinuxException">At the commit: EEXIST, a key is there with another value.</exception>
    public NfTransaction Add(NfFamily family, string table, string map, params IReadOnlyList<NfElement> elements) =>
        Elements(NFT_MSG_NEWSETELEM, NLM_F_CREATE, family, table, map, elements);

    /// <summary>
    /// Puts elements into a set that allows lifetimes; one that is there gets the lifetime given now, from now on. Packets find it all the time.
    /// Kernels from 6.12 can change it in place, older ones say yes and leave it as it was: so it is made, removed and made anew in one
    /// transaction, which all of them take.
    /// </summary>
    public NfTransaction Refresh(NfFamily family, string table, string set, params IReadOnlyList<NfElement> elements) =>
        RemoveIfThere(family, table, set, elements).Add(family, table, set, elements);

    /// <summary>Takes elements out of a set or map. They must be there: ENOENT otherwise.</summary>
    public NfTransaction Remove(NfFamily family, string table, string map, params IReadOnlyList<NfElement> elements) =>
        Elements(NFT_MSG_DELSETELEM, 0, family, table, map, elements);

    /// <summary>
    /// Takes elements out that may be gone, e.g. because their time was over: they are added first, as NFT_MSG_DESTROYSETELEM is known to
    /// kernels from 6.3 only. A map's must have the value given.
    /// </summary>
    public NfTransaction RemoveIfThere(NfFamily family, string table, string set, params IReadOnlyList<NfElement> elements) =>
        Add(family, table, set, elements).Remove(family, table, set, elements);

    /// <summary>Empties a set or map. It must exist.</summary>
    public NfTransaction FlushSet(NfFamily family, string table, string set)
    {
        Begin(NFT_MSG_DELSETELEM, 0, family, $"flush set {table} {set}").Attribute(NFTA_SET_ELEM_LIST_TABLE, table).Attribute(NFTA_SET_ELEM_LIST_SET, set);
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

    /// <summary>Puts a rule right in front of another one, known by its handle, which must exist.</summary>
    public NfTransaction InsertBefore(NfFamily family, string table, string chain, ulong handle, NfRule rule)
    {
        byte[] position = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(position, handle);
        Add(Begin(NFT_MSG_NEWRULE, NLM_F_CREATE, family, $"insert rule {table} {chain} position {handle}: {rule}").Attribute(NFTA_RULE_POSITION, position), family, table, chain, rule);
        return this;
    }

    /// <summary>Puts a rule behind a chain's others.</summary>
    public NfTransaction Append(NfFamily family, string table, string chain, NfRule rule)
    {
        Add(Begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, family, $"add rule {table} {chain}: {rule}"), family, table, chain, rule);
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

    private void Add(NfFamily family, string table, NfChain chain)
    {
        Begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE, family, $"add chain {table} {chain.Name}")
            .Attribute(NFTA_CHAIN_TABLE, table)
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

    private NetlinkBatch NewSet(NfFamily family, string table, string name, uint flags, IReadOnlyList<NfType> key)
    {
        Begin(NFT_MSG_NEWSET, NLM_F_CREATE, family, $"add set {table} {name}")
            .Attribute(NFTA_SET_TABLE, table)
            .Attribute(NFTA_SET_NAME, name)
            .AttributeBigEndian(NFTA_SET_FLAGS, flags)
            .AttributeBigEndian(NFTA_SET_KEY_TYPE, NfTypes.Number(key))
            .AttributeBigEndian(NFTA_SET_KEY_LEN, NfTypes.Length(key))
            .AttributeBigEndian(NFTA_SET_ID, ++_sets);
        // Only "nft list" reads it: it shows an empty text where it is not told that a name is in the host's order.
        return key is [NfType.InterfaceName] ? _batch.Attribute(NFTA_SET_USERDATA, [NFTNL_UDATA_SET_KEYBYTEORDER, 4, .. BitConverter.GetBytes(1)]) : _batch;
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
                        b.Nested(NFTA_LIST_ELEM, element, Element);
                    }
                });
        }

        return this;
    }

    private static void Element(NetlinkBatch batch, NfElement element)
    {
        batch.Nested(NFTA_SET_ELEM_KEY, element, static (b, element) => b.Attribute(NFTA_DATA_VALUE, Bytes(element.Key)));
        if (element.Value.Count > 0)
        {
            batch.Nested(NFTA_SET_ELEM_DATA, element, static (b, element) => b.Attribute(NFTA_DATA_VALUE, Bytes(element.Value)));
        }

        if (element.Timeout is { } timeout)
        {
            batch.AttributeBigEndian(NFTA_SET_ELEM_TIMEOUT, (ulong)Math.Max(1, timeout.TotalMilliseconds)); // 0 would be for ever
        }
    }

    private static byte[] Bytes(IReadOnlyList<NfValue> values) => values is [NfValue.HardwareAddress alone] ? alone.Bytes[..6] : [.. values.SelectMany(static v => v.Bytes)];

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
