namespace Berth.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h, linux/netfilter.h: numbers of messages and attributes.</summary>
public static unsafe partial class Libc
{
    public const ushort NFNL_SUBSYS_NFTABLES = 10, NFNL_MSG_BATCH_BEGIN = 16, NFNL_MSG_BATCH_END = 17;

    public const int NFNLGRP_NFTABLES = 7;

    public const ushort NFT_MSG_NEWTABLE = 0, NFT_MSG_GETTABLE = 1, NFT_MSG_DELTABLE = 2, NFT_MSG_NEWCHAIN = 3, NFT_MSG_GETCHAIN = 4,
        NFT_MSG_DELCHAIN = 5, NFT_MSG_NEWRULE = 6, NFT_MSG_GETRULE = 7, NFT_MSG_DELRULE = 8, NFT_MSG_NEWSET = 9, NFT_MSG_DELSET = 11,
        NFT_MSG_NEWSETELEM = 12, NFT_MSG_GETSETELEM = 13, NFT_MSG_DELSETELEM = 14, NFT_MSG_NEWGEN = 15,
        NFT_MSG_DESTROYTABLE = 26;

    public const byte NFPROTO_INET = 1, NFPROTO_IPV4 = 2, NFPROTO_BRIDGE = 7, NFPROTO_IPV6 = 10;

    public const ushort NFTA_TABLE_NAME = 1, NFTA_TABLE_FLAGS = 2, NFTA_TABLE_USERDATA = 6;
    public const uint NFT_TABLE_F_OWNER = 2, NFT_TABLE_F_PERSIST = 4;
    public const ushort NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5, NFTA_CHAIN_TYPE = 7;
    public const ushort NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2;
    public const ushort NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_HANDLE = 3, NFTA_RULE_EXPRESSIONS = 4, NFTA_RULE_POSITION = 6, NFTA_RULE_USERDATA = 7;
    public const ushort NFTA_LIST_ELEM = 1, NFTA_EXPR_NAME = 1, NFTA_EXPR_DATA = 2;
    public const ushort NFTA_DATA_VALUE = 1, NFTA_DATA_VERDICT = 2, NFTA_VERDICT_CODE = 1, NFTA_VERDICT_CHAIN = 2;
    public const ushort NFTA_META_DREG = 1, NFTA_META_KEY = 2, NFTA_META_SREG = 3;
    public const ushort NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
    public const ushort NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
    public const ushort NFTA_RANGE_OP = 2, NFTA_RANGE_FROM_DATA = 3, NFTA_RANGE_TO_DATA = 4;
    public const ushort NFTA_TARGET_NAME = 1, NFTA_MATCH_INFO = 3; // NFTA_MATCH_NAME is 1 too
    public const ushort NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3, NFTA_BITWISE_MASK = 4, NFTA_BITWISE_XOR = 5;
    public const ushort NFTA_CT_DREG = 1, NFTA_CT_KEY = 2, NFTA_CT_SREG = 4;
    public const ushort NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2;

    public const ushort NFTA_SET_TABLE = 1, NFTA_SET_NAME = 2, NFTA_SET_FLAGS = 3, NFTA_SET_KEY_TYPE = 4, NFTA_SET_KEY_LEN = 5, NFTA_SET_DATA_TYPE = 6,
        NFTA_SET_DATA_LEN = 7, NFTA_SET_DESC = 9, NFTA_SET_DESC_SIZE = 1, NFTA_SET_ID = 10, NFTA_SET_USERDATA = 13;
    public const ushort NFTA_SET_ELEM_LIST_TABLE = 1, NFTA_SET_ELEM_LIST_SET = 2, NFTA_SET_ELEM_LIST_ELEMENTS = 3, NFTA_SET_ELEM_KEY = 1, NFTA_SET_ELEM_DATA = 2,
        NFTA_SET_ELEM_TIMEOUT = 4, NFTA_SET_ELEM_EXPIRATION = 5;
    public const ushort NFTA_LOOKUP_SET = 1, NFTA_LOOKUP_SREG = 2, NFTA_LOOKUP_DREG = 3, NFTA_LOOKUP_FLAGS = 5;
    public const ushort NFTA_NAT_TYPE = 1, NFTA_NAT_FAMILY = 2, NFTA_NAT_REG_ADDR_MIN = 3, NFTA_NAT_REG_PROTO_MIN = 5;
    public const ushort NFTA_REDIR_REG_PROTO_MIN = 1;
    public const ushort NFTA_REJECT_TYPE = 1, NFTA_REJECT_ICMP_CODE = 2;
    public const ushort NFTA_LOG_GROUP = 1, NFTA_LOG_PREFIX = 2;
    public const ushort NFTA_SOCKET_KEY = 1, NFTA_SOCKET_DREG = 2;
    public const ushort NFTA_LIMIT_RATE = 1, NFTA_LIMIT_UNIT = 2, NFTA_LIMIT_BURST = 3;
    public const ushort NFTA_GEN_ID = 1, NFTA_GEN_PROC_PID = 2, NFTA_GEN_PROC_NAME = 3;
    public const ushort NFTA_FIB_DREG = 1, NFTA_FIB_RESULT = 2, NFTA_FIB_FLAGS = 3;

    public const uint NFT_REG_VERDICT = 0, NFT_REG_1 = 1, NFT_REG32_00 = 8; // register 1 is the 32-bit ones from 00 to 03
    public const uint NFT_META_PROTOCOL = 1, NFT_META_MARK = 3, NFT_META_IIFNAME = 6, NFT_META_OIFNAME = 7, NFT_META_NFPROTO = 15, NFT_META_L4PROTO = 16;
    public const uint NFT_SET_MAP = 0x8, NFT_SET_TIMEOUT = 0x10, NFT_LOOKUP_F_INV = 1;
    public const uint NFT_NAT_SNAT = 0, NFT_NAT_DNAT = 1;
    public const uint NFT_REJECT_TCP_RST = 1, NFT_REJECT_ICMPX_UNREACH = 2, NFT_SOCKET_TRANSPARENT = 0;
    public const byte NFT_REJECT_ICMPX_ADMIN_PROHIBITED = 3;
    public const uint NFT_FIB_RESULT_ADDRTYPE = 3, NFTA_FIB_F_DADDR = 2;
    public const uint RTN_LOCAL = 2; // linux/rtnetlink.h
    public const uint NFT_JUMP = 0xFFFF_FFFD, NFT_GOTO = 0xFFFF_FFFC, NFT_RETURN = 0xFFFF_FFFB; // -3, -4, -5
    public const uint NFT_CMP_EQ = 0, NFT_CMP_NEQ = 1, NFT_CMP_LTE = 3, NFT_CMP_GTE = 5;
    public const uint NFT_PAYLOAD_LL_HEADER = 0, NFT_PAYLOAD_NETWORK_HEADER = 1, NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    public const ushort ETH_P_IP = 0x0800, ETH_P_ARP = 0x0806, ETH_P_IPV6 = 0x86DD; // linux/if_ether.h
    public const byte ND_NEIGHBOR_ADVERT = 136, ND_REDIRECT = 137; // netinet/icmp6.h
    public const uint NFT_CT_STATE = 0, NFT_CT_STATUS = 2, NFT_CT_MARK = 3;
    public const uint NF_DROP = 0, NF_ACCEPT = 1;
    public const byte NFTNL_UDATA_COMMENT = 0, NFTNL_UDATA_SET_KEYBYTEORDER = 0; // libnftnl/udata.h: a comment has the same number for tables, chains and rules

    /// <summary>linux/netfilter/nfnetlink.h; res_id is big-endian.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    public struct nfgenmsg
    {
        public byte nfgen_family;
        public byte version;
        public ushort res_id;
    }
}
