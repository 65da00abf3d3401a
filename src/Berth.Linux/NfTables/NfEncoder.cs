using System.Buffers.Binary;
using System.Text;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Lowers statements to the kernel's expressions, the same ones nft makes, so that "nft list" reads them back as they are written here.</summary>
internal static class NfEncoder
{
    private const int InterfaceNameLength = 16; // IFNAMSIZ: names are compared with their zeros
    private const uint EstablishedOrRelated = 0x2 | 0x4; // NF_CT_STATE_BIT of IP_CT_ESTABLISHED, IP_CT_RELATED
    private const uint DestinationChanged = 0x20; // IPS_DST_NAT

    public static void Statements(NetlinkBatch batch, NfRule rule, NfFamily family)
    {
        foreach (NfStatement statement in rule.Statements)
        {
            Statement(batch, statement, family);
        }
    }

    /// <summary>The user data "nft list" shows as a comment: type, length, text with its zero.</summary>
    public static byte[] Comment(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 128
            ? [NFTNL_UDATA_COMMENT, (byte)(bytes.Length + 1), .. bytes, 0]
            : throw new LinuxException("nf_tables", $"comment \"{text}\"", Errno.ENAMETOOLONG);
    }

    private static void Statement(NetlinkBatch batch, NfStatement statement, NfFamily family)
    {
        switch (statement)
        {
            case NfStatement.Interface match:
                Load(batch, match.Input ? NFT_META_IIFNAME : NFT_META_OIFNAME);
                byte[] name = new byte[InterfaceNameLength];
                Encoding.UTF8.GetBytes(match.Name, name);
                Compare(batch, match.Not, name);
                break;
            case NfStatement.Address match:
                Address(batch, match, family);
                break;
            case NfStatement.Established:
                Connection(batch, NFT_CT_STATE, EstablishedOrRelated);
                break;
            case NfStatement.Translated:
                Connection(batch, NFT_CT_STATUS, DestinationChanged);
                break;
            case NfStatement.ToThisHost:
                Expression(batch, "fib", 0, static (b, _) => b
                    .AttributeBigEndian(NFTA_FIB_DREG, NFT_REG_1)
                    .AttributeBigEndian(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE)
                    .AttributeBigEndian(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR));
                Compare(batch, not: false, BitConverter.GetBytes(RTN_LOCAL));
                break;
            case NfStatement.DestinationFrom change:
                Destination(batch, change, family);
                break;
            case NfStatement.Jump jump:
                Verdict(batch, NFT_JUMP, jump.Chain);
                break;
            case NfStatement.Masquerade:
                Expression(batch, "masq", 0, static (_, _) => { });
                break;
            case NfStatement.Accept:
                Verdict(batch, NF_ACCEPT);
                break;
            case NfStatement.Drop:
                Verdict(batch, NF_DROP);
                break;
            default:
                throw new InvalidOperationException($"no encoding for {statement.GetType().Name}");
        }
    }

    // Some of the wanted bits are set: a number in the host's order.
    private static void Connection(NetlinkBatch batch, uint key, uint bits)
    {
        Expression(batch, "ct", key, static (b, key) => b.AttributeBigEndian(NFTA_CT_KEY, key).AttributeBigEndian(NFTA_CT_DREG, NFT_REG_1));
        Mask(batch, BitConverter.GetBytes(bits));
        Compare(batch, not: true, new byte[4]);
    }

    // The key's parts lie one behind the other in 32-bit registers; the value found takes their place.
    private static void Destination(NetlinkBatch batch, NfStatement.DestinationFrom change, NfFamily family)
    {
        (uint offset, uint length) = change.Ipv6 ? (24u, 16u) : (16u, 4u); // daddr of struct ipv6hdr, of struct iphdr
        if (change.ByAddress && family == NfFamily.Inet)
        {
            Load(batch, NFT_META_NFPROTO);
            Compare(batch, not: false, [change.Ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4]);
        }

        Load(batch, NFT_META_L4PROTO);
        uint next = NFT_REG32_00 + 1;
        if (change.ByAddress)
        {
            Payload(batch, NFT_PAYLOAD_NETWORK_HEADER, offset, length, next);
            next += length / 4;
        }

        Payload(batch, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, next); // the destination port of TCP, UDP and SCTP
        Expression(batch, "lookup", change.Map, static (b, map) => b
            .Attribute(NFTA_LOOKUP_SET, map)
            .AttributeBigEndian(NFTA_LOOKUP_SREG, NFT_REG_1)
            .AttributeBigEndian(NFTA_LOOKUP_DREG, NFT_REG_1));
        Expression(batch, "nat", (change.Ipv6, length), static (b, s) => b
            .AttributeBigEndian(NFTA_NAT_TYPE, NFT_NAT_DNAT)
            .AttributeBigEndian(NFTA_NAT_FAMILY, s.Ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4)
            .AttributeBigEndian(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1)
            .AttributeBigEndian(NFTA_NAT_REG_PROTO_MIN, NFT_REG32_00 + s.length / 4));
    }

    private static void Payload(NetlinkBatch batch, uint header, uint offset, uint length, uint register) =>
        Expression(batch, "payload", (header, offset, length, register), static (b, s) => b
            .AttributeBigEndian(NFTA_PAYLOAD_DREG, s.register)
            .AttributeBigEndian(NFTA_PAYLOAD_BASE, s.header)
            .AttributeBigEndian(NFTA_PAYLOAD_OFFSET, s.offset)
            .AttributeBigEndian(NFTA_PAYLOAD_LEN, s.length));

    private static void Address(NetlinkBatch batch, NfStatement.Address match, NfFamily family)
    {
        if (family == NfFamily.Inet)
        {
            // Where both protocols pass, the header's meaning has to be asked for first.
            Load(batch, NFT_META_NFPROTO);
            Compare(batch, not: false, [NFPROTO_IPV4]);
        }

        Payload(batch, NFT_PAYLOAD_NETWORK_HEADER, match.Source ? 12u : 16u, 4, NFT_REG_1); // struct iphdr: saddr at 12, daddr at 16
        int prefix = match.Subnet.PrefixLength;
        if (prefix < 32)
        {
            byte[] mask = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(mask, prefix == 0 ? 0 : uint.MaxValue << (32 - prefix));
            Mask(batch, mask);
        }

        Compare(batch, match.Not, match.Subnet.BaseAddress.GetAddressBytes());
    }

    private static void Load(NetlinkBatch batch, uint key) =>
        Expression(batch, "meta", key, static (b, key) => b.AttributeBigEndian(NFTA_META_KEY, key).AttributeBigEndian(NFTA_META_DREG, NFT_REG_1));

    private static void Mask(NetlinkBatch batch, byte[] mask) => Expression(batch, "bitwise", mask, static (b, mask) => b
        .AttributeBigEndian(NFTA_BITWISE_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_BITWISE_DREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_BITWISE_LEN, (uint)mask.Length)
        .Nested(NFTA_BITWISE_MASK, mask, static (b, mask) => b.Attribute(NFTA_DATA_VALUE, mask))
        .Nested(NFTA_BITWISE_XOR, mask.Length, static (b, length) => b.Attribute(NFTA_DATA_VALUE, new byte[length])));

    private static void Compare(NetlinkBatch batch, bool not, byte[] value) => Expression(batch, "cmp", (not, value), static (b, s) => b
        .AttributeBigEndian(NFTA_CMP_SREG, NFT_REG_1)
        .AttributeBigEndian(NFTA_CMP_OP, s.not ? NFT_CMP_NEQ : NFT_CMP_EQ)
        .Nested(NFTA_CMP_DATA, s.value, static (b, value) => b.Attribute(NFTA_DATA_VALUE, value)));

    private static void Verdict(NetlinkBatch batch, uint code, string? chain = null) => Expression(batch, "immediate", (code, chain), static (b, s) => b
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

    private static void Expression<T>(NetlinkBatch batch, string name, T state, Action<NetlinkBatch, T> data) =>
        batch.Nested(NFTA_LIST_ELEM, (name, state, data), static (b, s) => b
            .Attribute(NFTA_EXPR_NAME, s.name)
            .Nested(NFTA_EXPR_DATA, s, static (b, s) => s.data(b, s.state)));
}
