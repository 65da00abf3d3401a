using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Netlink;
using Berth.Linux.Packets;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Hears the packets that rules log to a group of a network namespace (<see cref="NfStatement.Log"/>). One listener a group.</summary>
public sealed unsafe class NfLog : IDisposable
{
    private const int BufferLength = 1 << 20;
    private const int CopiedBytes = 128; // IPv6's header, some extension headers and the ports

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _received = new byte[32 * 1024];

    private NfLog(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>For the poll set: readable when something was logged.</summary>
    public int Number => _descriptor.Number;

    /// <summary>Listens in the calling thread's network namespace.</summary>
    /// <returns>Null where the kernel has no nfnetlink_log.</returns>
    /// <exception cref="LinuxException">EPERM: somebody else listens to this group (nfulnl_recv_config).</exception>
    public static NfLog? TryListen(ushort group)
    {
        FileDescriptor descriptor = NetlinkSocket.Subscribe(NETLINK_NETFILTER, 0, BufferLength);
        var log = new NfLog(descriptor);
        try
        {
            if (log.Configure(group))
            {
                return log;
            }

            log.Dispose();
            return null;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Collects what was logged since the last call, without waiting.</summary>
    /// <returns>False: some was lost, as it came faster than it was read.</returns>
    public bool Read(List<NfLogEntry> entries)
    {
        bool complete = true;
        while (NetlinkSocket.TryReceive(_descriptor, _received, "packet log", ref complete, out ReadOnlySpan<byte> received))
        {
            while (NetlinkMessage.TryRead(ref received, out NetlinkMessage message))
            {
                if (Parse(message) is NfLogEntry entry)
                {
                    entries.Add(entry);
                }
            }
        }

        return complete;
    }

    /// <summary>Leaves the group.</summary>
    public void Dispose() => _descriptor.Dispose();

    internal static NfLogEntry? Parse(NetlinkMessage message)
    {
        if (message.Type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET) || !message.TrySplit(out nfgenmsg _, out NetlinkAttributes attributes))
        {
            return null;
        }

        string prefix = "";
        int input = 0, output = 0;
        PacketHeader? packet = null;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NFULA_PREFIX: prefix = attributes.Text; break;
                case NFULA_IFINDEX_INDEV: input = (int)attributes.NumberBigEndian; break;
                case NFULA_IFINDEX_OUTDEV: output = (int)attributes.NumberBigEndian; break;
                case NFULA_PAYLOAD: packet = PacketHeader.Parse(attributes.Value); break;
            }
        }

        return new NfLogEntry(prefix, input, output, packet);
    }

    // The kernel answers within the send, so the answer lies there before any wait.
    private bool Configure(ushort group)
    {
        byte[] mode = new byte[6]; // struct nfulnl_msg_config_mode, packed
        BinaryPrimitives.WriteInt32BigEndian(mode, CopiedBytes);
        mode[4] = NFULNL_COPY_PACKET;
        NetlinkBatch batch = new NetlinkBatch().Begin((ushort)(NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG), NLM_F_ACK, $"NFULNL_CFG_CMD_BIND {group}")
            .Put(new nfgenmsg { res_id = BinaryPrimitives.ReverseEndianness(group) })
            .Attribute(NFULA_CFG_CMD, NFULNL_CFG_CMD_BIND)
            .Attribute(NFULA_CFG_MODE, mode)
            .AttributeBigEndian(NFULA_CFG_QTHRESH, 1u); // every packet at once, instead of a hundred or after a second
        fixed (byte* bytes = batch.Bytes)
        {
            if (send(_descriptor.Number, bytes, batch.Bytes.Length, 0) < 0)
            {
                throw LinuxException.Last("send", batch.ToString());
            }
        }

        bool complete = true;
        while (NetlinkSocket.TryReceive(_descriptor, _received, batch.ToString(), ref complete, out ReadOnlySpan<byte> received))
        {
            while (NetlinkMessage.TryRead(ref received, out NetlinkMessage answer))
            {
                if (answer.Type == NLMSG_ERROR && MemoryMarshal.TryRead(answer.Payload, out int error))
                {
                    // EINVAL: no such subsystem (nfnetlink_rcv_msg); ours is in order, as the tests show.
                    return error == 0 || (error == -Errno.EINVAL ? false : throw new LinuxException("netfilter", batch.ToString(), -error));
                }
            }
        }

        throw new LinuxException("netfilter", batch.ToString(), Errno.EIO);
    }
}
