using Berth.Linux.Files;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>
/// Hears which interfaces of a network namespace went away. A filter in the kernel drops every other notification, so a thread that waits here
/// is not woken by all that happens while links are made.
/// </summary>
public sealed class LinkRemovals : IDisposable
{
    private const int BufferLength = 1 << 20;

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _received = new byte[16 * 1024];

    private LinkRemovals(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>For the poll set: readable when something may have been removed.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Listens in the calling thread's network namespace, from now on.</summary>
    public static LinkRemovals Listen()
    {
        FileDescriptor descriptor = NetlinkSocket.Subscribe(NETLINK_ROUTE, RTNLGRP_LINK, BufferLength);
        try
        {
            Filter(descriptor);
            return new LinkRemovals(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Collects the names removed since the last call, without waiting. False: notifications were lost, the caller has to look for itself.</summary>
    public bool Read(List<string> removed)
    {
        bool complete = true;
        while (NetlinkSocket.TryReceive(_descriptor, _received, "link notifications", ref complete, out ReadOnlySpan<byte> received))
        {
            Collect(received, removed);
        }

        return complete;
    }

    public void Dispose() => _descriptor.Dispose();

    private static void Collect(ReadOnlySpan<byte> received, List<string> removed)
    {
        while (NetlinkMessage.TryRead(ref received, out NetlinkMessage message))
        {
            if (message.Type == RTM_DELLINK && Link.Parse(message) is Link link)
            {
                removed.Add(link.Name);
            }
        }
    }

    // A port leaving its bridge is an RTM_DELLINK too, of family AF_BRIDGE; only family 0 means that the interface is gone.
    private static void Filter(FileDescriptor descriptor)
    {
        const ushort LoadHalf = 0x28, LoadByte = 0x30, JumpIfEqual = 0x15, Return = 0x06;
        // BPF loads big-endian, netlink writes in the host's order.
        uint type = BitConverter.IsLittleEndian ? (uint)RTM_DELLINK << 8 : RTM_DELLINK;
        ReadOnlySpan<sock_filter> program =
        [
            new() { code = LoadHalf, k = 4 }, // nlmsg_type
            new() { code = JumpIfEqual, k = type, jf = 3 },
            new() { code = LoadByte, k = 16 }, // ifi_family
            new() { code = JumpIfEqual, k = 0, jf = 1 },
            new() { code = Return, k = uint.MaxValue },
            new() { code = Return, k = 0 },
        ];
        NetlinkSocket.Filter(descriptor, program);
    }
}
