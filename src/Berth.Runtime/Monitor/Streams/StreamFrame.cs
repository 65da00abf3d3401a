using System.Buffers.Binary;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>Docker's frame before a piece of output: which stream, three zeros, the length with its high byte first.</summary>
internal static class StreamFrame
{
    public const int HeaderLength = 8;

    public static void WriteHeader(Span<byte> into, StreamKind kind, int length)
    {
        into[..HeaderLength].Clear();
        into[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(into[4..], length);
    }
}
