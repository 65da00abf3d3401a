using System.Buffers;

namespace Berth.Network.Dns.Forwarding;

/// <summary>A message in a pooled array. Its owner disposes it, once, and nobody uses its memory afterwards.</summary>
internal sealed class MessageBuffer : IDisposable
{
    /// <summary>The most that a length prefix of two bytes can name.</summary>
    public const int Longest = ushort.MaxValue;

    private byte[]? _array;

    public MessageBuffer(int capacity)
    {
        _array = ArrayPool<byte>.Shared.Rent(capacity);
        Capacity = capacity;
    }

    public int Capacity { get; }

    /// <summary>Bytes of the message.</summary>
    public int Length { get; set; }

    /// <summary>The message.</summary>
    public Memory<byte> Message => Whole[..Length];

    /// <summary>The room for one.</summary>
    public Memory<byte> Whole => _array.AsMemory(0, Capacity);

    public static MessageBuffer CopyOf(ReadOnlySpan<byte> message)
    {
        var copy = new MessageBuffer(message.Length) { Length = message.Length };
        message.CopyTo(copy.Whole.Span);
        return copy;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
