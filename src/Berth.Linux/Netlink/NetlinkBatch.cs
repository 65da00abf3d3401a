using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>
/// Messages for the kernel, one behind the other, sent with one system call. Attributes go into the message begun last; lengths are
/// filled in as it grows. Each message carries a label for error reports.
/// </summary>
public sealed class NetlinkBatch
{
    private const int HeaderLength = 16;

    private readonly List<(int Offset, string Label, int Tolerated)> _messages = [];
    private byte[] _buffer = new byte[512];
    private int _length;
    private bool _stamped;

    /// <summary>The bytes as they will be sent.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public bool IsEmpty => _messages.Count == 0;

    public int Count => _messages.Count;

    /// <summary>netfilter takes it as a whole or not at all.</summary>
    internal bool IsTransaction => _messages.Count > 0 && BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(4)) == NFNL_MSG_BATCH_BEGIN;

    /// <summary>The message whose answer ends the exchange: the last that asks for one. Numbered from 0; -1: nobody answers.</summary>
    internal int AwaitedMessage
    {
        get
        {
            int i = _messages.Count - 1;
            while (i >= 0 && (Flags(i) & NLM_F_ACK) == 0)
            {
                i--;
            }

            return i;
        }
    }

    /// <summary>Begins a message.</summary>
    /// <param name="type">Message type, e.g. RTM_NEWLINK.</param>
    /// <param name="flags">NLM_F_…; NLM_F_REQUEST is added.</param>
    /// <param name="label">What it does on what, for errors: "RTM_NEWLINK veth1a2b3c4".</param>
    /// <param name="tolerated">An errno that counts as success (EEXIST for "be there"); 0: none.</param>
    public NetlinkBatch Begin(ushort type, int flags, string label, int tolerated = 0)
    {
        _messages.Add((_length, label, tolerated));
        Span<byte> header = Reserve(HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(flags | NLM_F_REQUEST));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)_messages.Count);
        return this;
    }

    /// <summary>The family's fixed header (ifinfomsg, rtmsg …), directly behind the message's own.</summary>
    public NetlinkBatch Put<T>(in T value)
        where T : unmanaged
    {
        Append(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1)));
        return this;
    }

    public NetlinkBatch Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> header = Reserve(4);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        Append(value);
        return this;
    }

    public NetlinkBatch Attribute(ushort type, byte value) => Attribute(type, [value]);

    public NetlinkBatch Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>nf_tables writes its numbers big-endian.</summary>
    public NetlinkBatch AttributeBigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    public NetlinkBatch AttributeBigEndian(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Text with a zero behind it.</summary>
    public NetlinkBatch Attribute(ushort type, string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(text, bytes[..255], out int written))
        {
            throw new LinuxException("netlink", $"attribute {type} \"{text}\"", Errno.ENAMETOOLONG);
        }

        bytes[written] = 0;
        return Attribute(type, bytes[..(written + 1)]);
    }

    /// <summary>Attributes inside an attribute. The callback's argument is this batch.</summary>
    public NetlinkBatch Nested(ushort type, Action<NetlinkBatch> content) => Nested(type, content, static (batch, action) => action(batch));

    /// <summary>As above, with what the content needs as an argument, so that nothing is captured.</summary>
    public NetlinkBatch Nested<T>(ushort type, T state, Action<NetlinkBatch, T> content)
    {
        int start = _length;
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(4)[2..], (ushort)(type | NLA_F_NESTED));
        content(this, state);
        int length = _length - start;
        if (length > ushort.MaxValue)
        {
            throw new LinuxException("netlink", $"attribute {type} of {_messages[^1].Label}", Errno.E2BIG);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(start), (ushort)length);
        return this;
    }

    /// <summary>Asks for the answer to the last message: the kernel takes messages in order, so with it all are done. Errors are answered in any case.</summary>
    public NetlinkBatch AcknowledgeLast()
    {
        Span<byte> flags = _buffer.AsSpan(_messages[^1].Offset + 6);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | NLM_F_ACK));
        return this;
    }

    public override string ToString() => string.Join('\n', _messages.Select(m => m.Label));

    internal string Label(int message) => _messages[message].Label;

    internal int Tolerated(int message) => _messages[message].Tolerated;

    /// <summary>Numbers the messages from <paramref name="first"/>. A batch is sent once: a repeated sequence number would confuse answers.</summary>
    internal void Stamp(uint first)
    {
        if (_stamped)
        {
            throw new InvalidOperationException($"a netlink batch is sent once: {this}");
        }

        _stamped = true;
        for (int i = 0; i < _messages.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_messages[i].Offset + 8), first + (uint)i);
        }
    }

    private int Flags(int message) => BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_messages[message].Offset + 6));

    private void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        int padding = -_length & 3; // everything starts at a multiple of 4 (NLMSG_ALIGN, NLA_ALIGN)
        if (padding > 0)
        {
            Reserve(padding);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        Span<byte> reserved = _buffer.AsSpan(_length, count);
        reserved.Clear();
        _length += count;
        Span<byte> length = _buffer.AsSpan(_messages[^1].Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(_length - _messages[^1].Offset));
        return reserved;
    }
}
