using System.Buffers.Binary;
using System.Text;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>Walks attributes, of a message or nested. Stops at the first that is not whole.</summary>
public ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The current attribute's number, without the flag for nesting.</summary>
    public ushort Type { get; private set; }

    /// <summary>The current attribute's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The current value as a host-endian number; 0 when it is too short.</summary>
    public readonly uint Number => Value.Length switch
    {
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(Value),
        >= 2 => BinaryPrimitives.ReadUInt16LittleEndian(Value),
        1 => Value[0],
        _ => 0,
    };

    /// <summary>The current value as a big-endian number of up to 64 bits, nf_tables' way.</summary>
    public readonly ulong NumberBigEndian => Value.Length switch
    {
        >= 8 => BinaryPrimitives.ReadUInt64BigEndian(Value),
        >= 4 => BinaryPrimitives.ReadUInt32BigEndian(Value),
        >= 2 => BinaryPrimitives.ReadUInt16BigEndian(Value),
        1 => Value[0],
        _ => 0,
    };

    /// <summary>The current value as text up to its zero.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Value.IndexOf((byte)0) is int end and >= 0 ? Value[..end] : Value);

    /// <summary>The attributes inside the current one.</summary>
    public readonly NetlinkAttributes Nested => new(Value);

    public bool Read()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < 4 || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & NLA_TYPE_MASK);
        Value = _rest[4..length];
        _rest = _rest[Math.Min(length + 3 & ~3, _rest.Length)..];
        return true;
    }
}
