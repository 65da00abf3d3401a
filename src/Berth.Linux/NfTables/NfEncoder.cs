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
                Expression(batch, "ct", 0, static (b, _) => b.AttributeBigEndian(NFTA_CT_KEY, NFT_CT_STATE).AttributeBigEndian(NFTA_CT_DREG, NFT_REG_1));
                Mask(batch, BitConverter.GetBytes(EstablishedOrRelated)); // the state is a number in the host's order
                Compare(batch, not: true, new byte[4]);
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

    private static void Address(NetlinkBatch batch, NfStatement.Address match, NfFamily family)
    {
        if (family == NfFamily.Inet)
        {
            // Where both protocols pass, the header's meaning has to be asked for first.
            Load(batch, NFT_META_NFPROTO);
            Compare(batch, not: false, [NFPROTO_IPV4]);
        }

        Expression(batch, "payload", match.Source ? 12u : 16u, static (b, offset) => b // struct iphdr: saddr at 12, daddr at 16
            .AttributeBigEndian(NFTA_PAYLOAD_DREG, NFT_REG_1)
            .AttributeBigEndian(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER)
            .AttributeBigEndian(NFTA_PAYLOAD_OFFSET, offset)
            .AttributeBigEndian(NFTA_PAYLOAD_LEN, 4));
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

    private static void Verdict(NetlinkBatch batch, uint code) => Expression(batch, "immediate", code, static (b, code) => b
        .AttributeBigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT)
        .Nested(NFTA_IMMEDIATE_DATA, code, static (b, code) => b
            .Nested(NFTA_DATA_VERDICT, code, static (b, code) => b.AttributeBigEndian(NFTA_VERDICT_CODE, code))));

    private static void Expression<T>(NetlinkBatch batch, string name, T state, Action<NetlinkBatch, T> data) =>
        batch.Nested(NFTA_LIST_ELEM, (name, state, data), static (b, s) => b
            .Attribute(NFTA_EXPR_NAME, s.name)
            .Nested(NFTA_EXPR_DATA, s, static (b, s) => s.data(b, s.state)));
}
