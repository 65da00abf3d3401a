namespace Berth.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink_log.h.</summary>
public static unsafe partial class Libc
{
    public const ushort NFNL_SUBSYS_ULOG = 4, NFULNL_MSG_PACKET = 0, NFULNL_MSG_CONFIG = 1;
    public const ushort NFULA_CFG_CMD = 1, NFULA_CFG_MODE = 2, NFULA_CFG_QTHRESH = 5;
    public const byte NFULNL_CFG_CMD_BIND = 1, NFULNL_COPY_PACKET = 2;
    public const ushort NFULA_IFINDEX_INDEV = 4, NFULA_IFINDEX_OUTDEV = 5, NFULA_IFINDEX_PHYSINDEV = 6, NFULA_PAYLOAD = 9, NFULA_PREFIX = 10;
}
