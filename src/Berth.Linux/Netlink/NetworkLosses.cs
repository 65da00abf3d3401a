using Berth.Linux.Files;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>
/// Hears what a network namespace loses: addresses, routes, policy rules, interfaces that are set down, forwarding that is switched off. A filter in
/// the kernel drops every other notification, so a thread that waits here is not woken by what comes, nor by a router's daemon at work.
/// </summary>
public sealed class NetworkLosses : IDisposable
{
    private const int BufferLength = 1 << 20;

    private static readonly int[] Groups =
    [
        RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF,
    ];

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _received = new byte[16 * 1024];

    private NetworkLosses(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>For the poll set: readable when something may have been lost.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Listens in the calling thread's network namespace, from now on.</summary>
    public static NetworkLosses Listen()
    {
        FileDescriptor descriptor = NetlinkSocket.Subscribe(NETLINK_ROUTE, 0, BufferLength);
        try
        {
            NetlinkSocket.Filter(descriptor, Program());
            foreach (int group in Groups)
            {
                NetlinkSocket.Join(descriptor, group);
            }

            return new NetworkLosses(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Collects what was lost since the last call, without waiting. False: notifications were, too; the caller has to look for itself.</summary>
    public bool Read(List<NetworkLoss> losses)
    {
        bool complete = true;
        while (NetlinkSocket.TryReceive(_descriptor, _received, "network notifications", ref complete, out ReadOnlySpan<byte> received))
        {
            while (NetlinkMessage.TryRead(ref received, out NetlinkMessage message))
            {
                if (Parse(message) is { } loss)
                {
                    losses.Add(loss);
                }
            }
        }

        return complete;
    }

    public void Dispose() => _descriptor.Dispose();

    private static NetworkLoss? Parse(NetlinkMessage message)
    {
        switch (message.Type)
        {
            case RTM_NEWLINK when message.TrySplit(out ifinfomsg link, out _):
                return new NetworkLoss(NetworkLossKind.Link, link.ifi_index);
            case RTM_DELADDR when message.TrySplit(out ifaddrmsg address, out _):
                return new NetworkLoss(NetworkLossKind.Address, (int)address.ifa_index);
            case RTM_DELROUTE when message.TrySplit(out rtmsg route, out NetlinkAttributes attributes):
                return new NetworkLoss(NetworkLossKind.Route, ValueOf(attributes, RTA_OIF) ?? 0, ValueOf(attributes, RTA_TABLE) ?? route.rtm_table);
            case RTM_DELRULE when message.TrySplit(out fib_rule_hdr rule, out NetlinkAttributes attributes):
                return new NetworkLoss(NetworkLossKind.Rule, 0, ValueOf(attributes, FRA_TABLE) ?? rule.table);
            case RTM_NEWNETCONF when message.TrySplit(out netconfmsg _, out NetlinkAttributes attributes) && ValueOf(attributes, NETCONFA_FORWARDING) == 0:
                return new NetworkLoss(NetworkLossKind.Forwarding, Math.Max(ValueOf(attributes, NETCONFA_IFINDEX) ?? 0, 0)); // negative: all, or those to come
            default:
                return null;
        }
    }

    private static int? ValueOf(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Read())
        {
            if (attributes.Type == type)
            {
                return (int)attributes.Number;
            }
        }

        return null;
    }

    private static sock_filter[] Program()
    {
        const int Route = 6, Link = 9, Configuration = 17, Accept = 19, Drop = 20;
        // BPF loads big-endian, netlink writes in the host's order.
        static uint Half(ushort number) => BitConverter.IsLittleEndian ? (uint)(ushort)(number << 8 | number >> 8) : number;
        (uint low, uint high) = BitConverter.IsLittleEndian ? (0u, 3u) : (3u, 0u); // bytes of a number
        const uint OneSetting = 36; // header, family, interface and one value; an interface that comes tells all of its values
        List<sock_filter> program = [];
        Add(LoadHalf, 4); // nlmsg_type
        Add(JumpIfEqual, Half(RTM_DELADDR), Accept);
        Add(JumpIfEqual, Half(RTM_DELRULE), Accept);
        Add(JumpIfEqual, Half(RTM_DELROUTE), Route);
        Add(JumpIfEqual, Half(RTM_NEWLINK), Link);
        Add(JumpIfEqual, Half(RTM_NEWNETCONF), Configuration, Drop);
        Add(LoadByte, 21); // rtm_protocol
        Add(JumpIfEqual, RTPROT_KERNEL, Accept);
        Add(JumpIfEqual, RTPROT_BOOT, Accept, Drop);
        Add(LoadByte, 16); // ifi_family: a bridge's port tells of itself as AF_BRIDGE
        Add(JumpIfEqual, 0, 11, Drop);
        Add(LoadByte, 24 + low); // ifi_flags
        Add(JumpIfSet, IFF_UP, Drop);
        Add(LoadByte, 28 + low); // ifi_change
        Add(JumpIfSet, IFF_UP, 15, Drop);
        Add(LoadByte, 28 + high);
        Add(JumpIfEqual, 0xFF, Drop, Accept); // all bits: it is new, and not up yet
        Add(LoadWord, 0); // nlmsg_len
        Add(JumpIfEqual, BitConverter.IsLittleEndian ? OneSetting << 24 : OneSetting, Accept, Drop);
        Add(Return, uint.MaxValue);
        Add(Return, 0);
        return [.. program];

        void Add(ushort code, uint value, int then = 0, int otherwise = 0)
        {
            int next = program.Count + 1;
            program.Add(new sock_filter { code = code, k = value, jt = (byte)Math.Max(0, then - next), jf = (byte)Math.Max(0, otherwise - next) });
        }
    }

    private const ushort LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30, JumpIfEqual = 0x15, JumpIfSet = 0x45, Return = 0x06; // linux/bpf_common.h
}
