using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>The kernel's expressions, one method each: a rule is a list of them that work on registers. linux/netfilter/nf_tables.h.</summary>
internal static class NfExpressions
{
    /// <summary>Something about a packet into a register.</summary>
    public static void LoadMeta(this NetlinkBatch batch, uint key, uint register = NFT_REG_1) =>
        batch.Expression("meta", (key, register), static (b, s) => b.AttributeBigEndian(NFTA_META_KEY, s.key).AttributeBigEndian(NFTA_META_DREG, s.register));

    public static void SetMeta(this NetlinkBatch batch, uint key) =>
        batch.Expression("meta", key, static (b, key) => b.AttributeBigEndian(NFTA_META_KEY, key).AttributeBigEndian(NFTA_META_SREG, NFT_REG_1));

    /// <summary>Something about a packet's connection into register 1.</summary>
    public static void LoadConnection(this NetlinkBatch batch, uint key) =>
        batch.Expression("ct", key, static (b, key) => b.AttributeBigEndian(NFTA_CT_KEY, key).AttributeBigEndian(NFTA_CT_DREG, NFT_REG_1));

    public static void SetConnection(this NetlinkBatch batch, uint key) =>
        batch.Expression("ct", key, static (b, key) => b.AttributeBigEndian(NFTA_CT_KEY, key).AttributeBigEndian(NFTA_CT_SREG, NFT_REG_1));

    public static void LoadSocket(this NetlinkBatch batch, uint key) =>
        batch.Expression("socket", key, static (b, key) => b.AttributeBigEndian(NFTA_SOCKET_KEY, key).AttributeBigEndian(NFTA_SOCKET_DREG, NFT_REG_1));

    /// <summary>The type (RTN_...) of a packet's destination address.</summary>
    public static void LoadDestinationType(this NetlinkBatch batch) => batch.Expression("fib", 0, static (b, _) => b
        .AttributeBigEndian(NFTA_FIB_DREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE)
        .AttributeBigEndian(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR));

    /// <summary>Bytes of a header into a register.</summary>
    public static void LoadPayload(this NetlinkBatch batch, uint header, uint offset, uint length, uint register = NFT_REG_1) =>
        batch.Expression("payload", (header, offset, length, register), static (b, s) => b
            .AttributeBigEndian(NFTA_PAYLOAD_DREG, s.register)
            .AttributeBigEndian(NFTA_PAYLOAD_BASE, s.header)
            .AttributeBigEndian(NFTA_PAYLOAD_OFFSET, s.offset)
            .AttributeBigEndian(NFTA_PAYLOAD_LEN, s.length));

    /// <summary>A constant into a register.</summary>
    public static void Immediate(this NetlinkBatch batch, byte[] value, uint register = NFT_REG_1) =>
        batch.Expression("immediate", (value, register), static (b, s) => b
            .AttributeBigEndian(NFTA_IMMEDIATE_DREG, s.register)
            .Nested(NFTA_IMMEDIATE_DATA, s.value, static (b, value) => b.Attribute(NFTA_DATA_VALUE, value)));

    public static void Mask(this NetlinkBatch batch, byte[] mask) => batch.Expression("bitwise", mask, static (b, mask) => b
        .AttributeBigEndian(NFTA_BITWISE_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_BITWISE_DREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_BITWISE_LEN, (uint)mask.Length)
        .Nested(NFTA_BITWISE_MASK, mask, static (b, mask) => b.Attribute(NFTA_DATA_VALUE, mask))
        .Nested(NFTA_BITWISE_XOR, mask.Length, static (b, length) => b.Attribute(NFTA_DATA_VALUE, new byte[length])));

    public static void Compare(this NetlinkBatch batch, bool not, byte[] value) => batch.Expression("cmp", (not, value), static (b, s) => b
        .AttributeBigEndian(NFTA_CMP_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_CMP_OP, s.not ? NFT_CMP_NEQ : NFT_CMP_EQ)
        .Nested(NFTA_CMP_DATA, s.value, static (b, value) => b.Attribute(NFTA_DATA_VALUE, value)));

    /// <summary>The registers from 1 on are a key of a set, or are none.</summary>
    public static void LookupSet(this NetlinkBatch batch, string set, bool not) => batch.Expression("lookup", (set, not), static (b, s) => b
        .Attribute(NFTA_LOOKUP_SET, s.set)
        .AttributeBigEndian(NFTA_LOOKUP_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_LOOKUP_FLAGS, s.not ? NFT_LOOKUP_F_INV : 0));

    /// <summary>The registers from 1 on are a key of a map; what it has for it takes their place.</summary>
    public static void LookupMap(this NetlinkBatch batch, string map) => batch.Expression("lookup", map, static (b, map) => b
        .Attribute(NFTA_LOOKUP_SET, map)
        .AttributeBigEndian(NFTA_LOOKUP_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_LOOKUP_DREG, NFT_REG_1));

    /// <summary>Another address, from register 1, and port, from the register given; 0: the port stays.</summary>
    public static void Translate(this NetlinkBatch batch, uint type, bool ipv6, uint port) => batch.Expression("nat", (type, ipv6, port), static (b, s) =>
    {
        b.AttributeBigEndian(NFTA_NAT_TYPE, s.type)
            .AttributeBigEndian(NFTA_NAT_FAMILY, s.ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4)
            .AttributeBigEndian(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
        if (s.port != 0)
        {
            b.AttributeBigEndian(NFTA_NAT_REG_PROTO_MIN, s.port);
        }
    });

    public static void Verdict(this NetlinkBatch batch, uint code, string? chain = null) => batch.Expression("immediate", (code, chain), static (b, s) => b
        .AttributeBigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT)
        .Nested(NFTA_IMMEDIATE_DATA, s, static (b, s) => b
            .Nested(NFTA_DATA_VERDICT, s, static (b, s) =>
            {
                b.AttributeBigEndian(NFTA_VERDICT_CODE, s.code);
                if (s.chain is not null)
                {
                    b.Attribute(NFTA_VERDICT_CHAIN, s.chain);
                }
            })));

    public static void Expression<T>(this NetlinkBatch batch, string name, T state, Action<NetlinkBatch, T> data) =>
        batch.Nested(NFTA_LIST_ELEM, (name, state, data), static (b, s) => b
            .Attribute(NFTA_EXPR_NAME, s.name)
            .Nested(NFTA_EXPR_DATA, s, static (b, s) => s.data(b, s.state)));
}
