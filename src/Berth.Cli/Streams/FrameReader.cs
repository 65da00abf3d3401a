using System.Buffers.Binary;

using Berth.Cli.Http;

namespace Berth.Cli.Streams;

/// <summary>Takes apart stdout and stderr, which come in frames on one connection: stream, three zeros, length in big endian, bytes.</summary>
internal sealed class FrameReader(Action<ReadOnlySpan<byte>>? output, Action<ReadOnlySpan<byte>>? error)
{
    private readonly byte[] header = new byte[8];
    private int headerLength;
    private uint left;

    /// <summary>Takes the next bytes, wherever they were cut.</summary>
    /// <exception cref="ConnectionException">The daemon sent an error of its own, or no frame.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (left == 0)
            {
                int count = Math.Min(8 - headerLength, bytes.Length);
                bytes[..count].CopyTo(header.AsSpan(headerLength));
                headerLength += count;
                bytes = bytes[count..];
                if (headerLength < 8)
                {
                    return;
                }

                left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
                headerLength = left == 0 ? 0 : 8;
                continue;
            }

            int part = (int)Math.Min(left, (uint)bytes.Length);
            Deliver(bytes[..part]);
            bytes = bytes[part..];
            left -= (uint)part;
            headerLength = left == 0 ? 0 : 8;
        }
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        switch (header[0])
        {
            case 0 or 1:
                output?.Invoke(bytes);
                break;
            case 2:
                error?.Invoke(bytes);
                break;
            case 3:
                throw new ConnectionException($"error from daemon in stream: {System.Text.Encoding.UTF8.GetString(bytes)}");
            default:
                throw new ConnectionException($"Unrecognized input header: {header[0]}");
        }
    }
}
