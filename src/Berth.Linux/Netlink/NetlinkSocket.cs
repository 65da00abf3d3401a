using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Berth.Linux.Files;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>Turns a message of a dump into an item; null passes it over.</summary>
public delegate T? NetlinkParser<out T>(NetlinkMessage message)
    where T : class;

/// <summary>
/// A netlink socket. It belongs for good to the network namespace of the thread that opened it; any thread may use it later, one
/// exchange at a time (callers hold a lock).
/// </summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    // A dump's answer never exceeds 32 KiB a read (netlink_dump in net/netlink/af_netlink.c allocates at most that much).
    private const int ReceiveLength = 32 * 1024;

    // A transaction is one send and may not be larger than this (netlink_sendmsg: EMSGSIZE); 200 KiB, the usual limit, are about 3,000 elements.
    // The kernel doubles it and takes no memory for it until then.
    private const int SendLength = 32 * 1024 * 1024;

    // rtnetlink and nf_tables answer within the send; this only turns a lost answer into an error instead of a hang.
    private const int AnswerSeconds = 30;

    // Every interruption means that somebody changed the table meanwhile. That many in a row is no accident any more.
    private const int DumpAttempts = 50;

    private readonly FileDescriptor _descriptor;
    private readonly string _name;
    private byte[]? _received;
    private uint _sequence;

    private NetlinkSocket(FileDescriptor descriptor, int protocol)
    {
        _descriptor = descriptor;
        _name = Name(protocol);
    }

    /// <summary>The socket's address: notifications about a change name who made it by this (<see cref="NetlinkMessage.Port"/>).</summary>
    public uint Port { get; private init; }

    /// <summary>A socket of the calling thread's network namespace for changes and questions.</summary>
    /// <param name="protocol">NETLINK_ROUTE, NETLINK_NETFILTER or NETLINK_SOCK_DIAG.</param>
    public static NetlinkSocket Open(int protocol)
    {
        FileDescriptor descriptor = OpenDescriptor(protocol, SOCK_RAW);
        try
        {
            Set(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1); // errors with the kernel's own words
            Set(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, 1); // answers without a copy of the question
            Set(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1); // dumps honour their filters
            if (protocol == NETLINK_NETFILTER)
            {
                Set(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, SendLength);
            }

            Span<long> timeout = [AnswerSeconds, 0];
            fixed (long* value = timeout)
            {
                Check(setsockopt(descriptor.Number, SOL_SOCKET, SO_RCVTIMEO, value, 16), "SO_RCVTIMEO");
            }

            return new NetlinkSocket(descriptor, protocol) { Port = Bind(descriptor) };
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>A non-blocking socket that hears a group's notifications of the calling thread's network namespace, for a poll loop.</summary>
    /// <param name="protocol">NETLINK_ROUTE or NETLINK_NETFILTER.</param>
    /// <param name="group">RTNLGRP_... or NFNLGRP_...; 0: none.</param>
    /// <param name="bufferLength">Bytes that may wait to be read.</param>
    public static FileDescriptor Subscribe(int protocol, int group, int bufferLength)
    {
        FileDescriptor descriptor = OpenDescriptor(protocol, SOCK_RAW | SOCK_NONBLOCK);
        try
        {
            Set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, bufferLength);
            _ = Bind(descriptor);
            if (group != 0)
            {
                Set(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
            }

            return descriptor;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Lets a socket made by <see cref="Subscribe"/> hear one more group.</summary>
    internal static void Join(FileDescriptor descriptor, int group) => Set(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);

    /// <summary>Lets a socket hear only what a program of the classic BPF keeps: it is run over each message. socket(7), SO_ATTACH_FILTER.</summary>
    internal static void Filter(FileDescriptor descriptor, ReadOnlySpan<sock_filter> program)
    {
        fixed (sock_filter* first = program)
        {
            var filter = new sock_fprog { len = (ushort)program.Length, filter = first };
            Check(setsockopt(descriptor.Number, SOL_SOCKET, SO_ATTACH_FILTER, &filter, (uint)sizeof(sock_fprog)), "SO_ATTACH_FILTER");
        }
    }

    /// <summary>The next datagram of a socket made by <see cref="Subscribe"/>, without waiting. False: there is none.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="buffer">For the datagram.</param>
    /// <param name="what">For errors.</param>
    /// <param name="complete">Set to false when notifications were lost since the last call: the buffer ran over (netlink(7), ENOBUFS).</param>
    /// <param name="received">What came, valid until the buffer is used again.</param>
    internal static bool TryReceive(FileDescriptor descriptor, byte[] buffer, string what, ref bool complete, out ReadOnlySpan<byte> received)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                nint count = recv(descriptor.Number, bytes, buffer.Length, 0);
                if (count >= 0)
                {
                    received = buffer.AsSpan(0, (int)count);
                    return true;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EAGAIN:
                        received = default;
                        return false;
                    case Errno.ENOBUFS:
                        complete = false;
                        continue;
                    default: throw LinuxException.Last("recv", what);
                }
            }
        }
    }

    /// <summary>Sends a batch and waits until the kernel is through with it.</summary>
    /// <exception cref="LinuxException">The first message that failed with an errno it does not tolerate, by its label and the kernel's explanation.</exception>
    public void Execute(NetlinkBatch batch)
    {
        int awaited = batch.AwaitedMessage;
        uint first = Send(batch);
        LinuxException? failure = null;
        bool done = awaited < 0;
        while (!done)
        {
            ReadOnlySpan<byte> received = Receive(batch.Label(awaited));
            while (NetlinkMessage.TryRead(ref received, out NetlinkMessage answer))
            {
                long message = (long)answer.Sequence - first;
                if (answer.Type != NLMSG_ERROR || message < 0 || message >= batch.Count)
                {
                    continue; // of an earlier exchange that was given up
                }

                int errno = ErrorOf(answer);
                if (errno != 0 && errno != batch.Tolerated((int)message))
                {
                    failure ??= new LinuxException(_name, batch.Label((int)message) + Explanation(answer), errno);
                }

                // A transaction that fails as a whole is reported on its first message, and then nothing else is answered for sure
                // (nfnetlink_rcv_batch in net/netfilter/nfnetlink.c).
                done |= message == awaited || (batch.IsTransaction && errno != 0 && message == 0);
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Asks for a table and collects what the parser makes of its entries, consistently: an interrupted dump is taken again.</summary>
    public List<T> Dump<T>(Func<NetlinkBatch> question, NetlinkParser<T> parser)
        where T : class
    {
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            NetlinkBatch batch = question();
            var items = new List<T>();
            if (DumpOnce(batch, parser, items))
            {
                return items;
            }
        }

        throw new LinuxException(_name, question().Label(0), Errno.EAGAIN);
    }

    public void Dispose() => _descriptor.Dispose();

    private bool DumpOnce<T>(NetlinkBatch batch, NetlinkParser<T> parser, List<T> items)
        where T : class
    {
        uint sequence = Send(batch);
        bool consistent = true;
        while (true)
        {
            ReadOnlySpan<byte> received = Receive(batch.Label(0));
            while (NetlinkMessage.TryRead(ref received, out NetlinkMessage message))
            {
                if (message.Sequence != sequence)
                {
                    continue;
                }

                consistent &= (message.Flags & NLM_F_DUMP_INTR) == 0;
                if (message.Type is NLMSG_ERROR or NLMSG_DONE)
                {
                    int errno = ErrorOf(message);
                    return errno == 0 ? consistent : throw new LinuxException(_name, batch.Label(0) + Explanation(message), errno);
                }

                if (parser(message) is T item)
                {
                    items.Add(item);
                }
            }
        }
    }

    private uint Send(NetlinkBatch batch)
    {
        uint first = _sequence + 1;
        _sequence += (uint)batch.Count;
        batch.Stamp(first);
        fixed (byte* bytes = batch.Bytes)
        {
            nint sent;
            do
            {
                sent = send(_descriptor.Number, bytes, batch.Bytes.Length, 0);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            return sent == batch.Bytes.Length ? first : throw LinuxException.Last("send " + _name, batch.Label(0));
        }
    }

    private ReadOnlySpan<byte> Receive(string label)
    {
        _received ??= new byte[ReceiveLength];
        fixed (byte* buffer = _received)
        {
            nint count;
            do
            {
                count = recv(_descriptor.Number, buffer, _received.Length, MSG_TRUNC);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            if (count < 0)
            {
                throw LinuxException.Last("recv " + _name, label);
            }

            return count <= _received.Length ? _received.AsSpan(0, (int)count) : throw new LinuxException("recv " + _name, label, Errno.EOVERFLOW);
        }
    }

    private static string Name(int protocol) => protocol switch
    {
        NETLINK_ROUTE => "rtnetlink",
        NETLINK_NETFILTER => "netfilter",
        NETLINK_SOCK_DIAG => "sock_diag",
        _ => $"netlink {protocol}",
    };

    // nlmsgerr and the payload of NLMSG_DONE both start with a negative errno or 0.
    private static int ErrorOf(NetlinkMessage message) => message.Payload.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(message.Payload) : 0;

    private static string Explanation(NetlinkMessage message)
    {
        // With NETLINK_CAP_ACK the answer holds errno and the question's header (4 + 16 bytes), then the extended attributes.
        int offset = message.Type == NLMSG_DONE ? 4 : 20;
        if ((message.Flags & NLM_F_ACK_TLVS) == 0 || message.Payload.Length < offset)
        {
            return "";
        }

        var attributes = new NetlinkAttributes(message.Payload[offset..]);
        while (attributes.Read())
        {
            if (attributes.Type == NLMSGERR_ATTR_MSG)
            {
                return $" ({attributes.Text})";
            }
        }

        return "";
    }

    private static FileDescriptor OpenDescriptor(int protocol, int type)
    {
        int fd = socket(AF_NETLINK, type | SOCK_CLOEXEC, protocol);
        return fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.Last("socket", Name(protocol));
    }

    // A socket without an address shares number 0 with the kernel, and nobody is told of what he did himself (do_one_broadcast).
    private static uint Bind(FileDescriptor descriptor)
    {
        var address = new sockaddr_nl { nl_family = AF_NETLINK };
        uint length = (uint)sizeof(sockaddr_nl);
        Check(bind(descriptor.Number, &address, length), "address");
        Check(getsockname(descriptor.Number, &address, &length), "address");
        return address.nl_pid;
    }

    private static void Set(FileDescriptor descriptor, int level, int option, int value) =>
        Check(setsockopt(descriptor.Number, level, option, &value, sizeof(int)), $"netlink option {option}");

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw LinuxException.Last("netlink socket", what);
        }
    }
}
