namespace Berth.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink_conntrack.h.</summary>
public static unsafe partial class Libc
{
    public const ushort NFNL_SUBSYS_CTNETLINK = 1, IPCTNL_MSG_CT_NEW = 0, IPCTNL_MSG_CT_GET = 1, IPCTNL_MSG_CT_DELETE = 2;
    public const ushort CTA_TUPLE_ORIG = 1, CTA_TUPLE_REPLY = 2, CTA_ID = 12, CTA_ZONE = 18, CTA_FILTER = 25;
    public const ushort CTA_TUPLE_IP = 1, CTA_TUPLE_PROTO = 2, CTA_TUPLE_ZONE = 3;
    public const ushort CTA_IP_V4_SRC = 1, CTA_IP_V4_DST = 2, CTA_IP_V6_SRC = 3, CTA_IP_V6_DST = 4;
    public const ushort CTA_PROTO_NUM = 1, CTA_PROTO_SRC_PORT = 2, CTA_PROTO_DST_PORT = 3;
    public const ushort CTA_FILTER_ORIG_FLAGS = 1, CTA_FILTER_REPLY_FLAGS = 2;

    /// <summary>net/netfilter/nf_internals.h: which parts of a tuple a filter compares. In no header for programs.</summary>
    public const uint CTF_IP_SRC = 1 << 0, CTF_IP_DST = 1 << 1, CTF_PROTO_NUM = 1 << 3, CTF_PROTO_DST_PORT = 1 << 5;
}
