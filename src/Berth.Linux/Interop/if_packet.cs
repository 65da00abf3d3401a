using System.Runtime.InteropServices;

namespace Berth.Linux.Interop;

/// <summary>linux/if_packet.h.</summary>
public static unsafe partial class Libc
{
    public const int AF_PACKET = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_ll
    {
        public ushort sll_family;
        public ushort sll_protocol;
        public int sll_ifindex;
        public ushort sll_hatype;
        public byte sll_pkttype;
        public byte sll_halen;
        public fixed byte sll_addr[8];
    }
}
