using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>linux/sock_diag.h, linux/inet_diag.h.</summary>
public static unsafe partial class Libc
{
    public const ushort SOCK_DIAG_BY_FAMILY = 20;

    /// <summary>Numbers of net/tcp_states.h, one bit each. UDP has 1 (connected) and 7.</summary>
    public const int TCP_CLOSE = 7, TCP_LISTEN = 10, TCP_BOUND_INACTIVE = 13;

    /// <summary>Ports are big-endian; an address of 4 bytes stands in front.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_sockid
    {
        public ushort idiag_sport;
        public ushort idiag_dport;
        public fixed byte idiag_src[16];
        public fixed byte idiag_dst[16];
        public uint idiag_if;
        public fixed uint idiag_cookie[2];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_req_v2
    {
        public byte sdiag_family;
        public byte sdiag_protocol;
        public byte idiag_ext;
        public byte pad;
        public uint idiag_states;
        public inet_diag_sockid id;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_msg
    {
        public byte idiag_family;
        public byte idiag_state;
        public byte idiag_timer;
        public byte idiag_retrans;
        public inet_diag_sockid id;
        public uint idiag_expires;
        public uint idiag_rqueue;
        public uint idiag_wqueue;
        public uint idiag_uid;
        public uint idiag_inode;
    }
}
