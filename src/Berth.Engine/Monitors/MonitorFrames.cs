using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Linux.Files;
using Berth.Linux.Sockets;

namespace Berth.Engine.Monitors;

/// <summary>Frames of the monitor's protocol: 32 bits little-endian length, then JSON. Reads not one byte more than the frame: a stream may follow.</summary>
internal static class MonitorFrames
{
    private const int Limit = 1 << 20;

    /// <param name="socket">Where to.</param>
    /// <param name="frame">What is sent.</param>
    /// <param name="type">Its type.</param>
    /// <param name="descriptors">Copies go along with the frame; at most <see cref="Oci.Monitor.MonitorPorts.MostDescriptors"/>, and only as the first on a connection.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public static async Task WriteAsync<T>(
        Socket socket, T frame, JsonTypeInfo<T> type, IReadOnlyList<FileDescriptor> descriptors, CancellationToken cancel)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(frame, type);
        byte[] bytes = new byte[sizeof(uint) + json.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)json.Length);
        json.CopyTo(bytes.AsSpan(sizeof(uint)));

        // The length goes with them: on an empty connection there is always room for that much.
        int sent = descriptors.Count == 0 ? 0 : DescriptorPassing.SendAll((int)socket.Handle, bytes.AsSpan(0, sizeof(uint)), descriptors);
        while (sent < bytes.Length)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), cancel);
        }
    }

    /// <summary>The next frame, or null where the peer has ended between frames.</summary>
    /// <exception cref="InvalidDataException">The peer does not speak the protocol.</exception>
    /// <exception cref="EndOfStreamException">It ended inside a frame.</exception>
    public static async Task<T?> ReadAsync<T>(Socket socket, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        byte[] head = new byte[sizeof(uint)];
        if (!await FillAsync(socket, head, cancel))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length > Limit)
        {
            throw new InvalidDataException($"a monitor announced a frame of {length} bytes; at most {Limit} are allowed");
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Memory<byte> body = rented.AsMemory(0, (int)length);
            return await FillAsync(socket, body, cancel)
                ? JsonSerializer.Deserialize(body.Span, type) ?? throw new InvalidDataException("a monitor sent null")
                : throw new EndOfStreamException("a monitor ended inside a frame");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a monitor sent what is not a {typeof(T).Name}: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // False: the peer ended before the first byte.
    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancel)
    {
        for (int filled = 0; filled < buffer.Length;)
        {
            int read = await socket.ReceiveAsync(buffer[filled..], cancel);
            if (read == 0)
            {
                return filled == 0 ? false : throw new EndOfStreamException("a monitor ended inside a frame");
            }

            filled += read;
        }

        return true;
    }
}
