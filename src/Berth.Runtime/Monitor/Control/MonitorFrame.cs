using System.Buffers.Binary;

namespace Berth.Runtime.Monitor.Control;

/// <summary>The frames of the protocol (Berth.Oci/Monitor/README.md): a 32-bit little-endian length, then JSON.</summary>
internal static class MonitorFrame
{
    public const int HeaderLength = 4;

    public const int MaxLength = 1024 * 1024;

    public static byte[] Of(byte[] json)
    {
        byte[] frame = new byte[HeaderLength + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }
}
