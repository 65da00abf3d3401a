using System.Buffers.Binary;
using System.Net.Sockets;

namespace Berth.Network.Dns.Forwarding;

/// <summary>Messages on a TCP connection: two bytes of length, then the message (RFC 1035, section 4.2.2).</summary>
internal static class StreamFraming
{
    public const int PrefixSize = 2;

    /// <summary>Reads one message. Nothing but the prefix is held while it has not begun.</summary>
    /// <param name="prefix">Two bytes that belong to the connection.</param>
    /// <returns>Null: the peer has closed, in the middle too, or the message is longer than <paramref name="longest"/> or empty.</returns>
    public static async ValueTask<MessageBuffer?> ReadAsync(Socket socket, Memory<byte> prefix, int longest, CancellationToken cancel)
    {
        if (!await FillAsync(socket, prefix[..PrefixSize], cancel).ConfigureAwait(false))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix.Span);
        if (length == 0 || length > longest)
        {
            return null;
        }

        var message = new MessageBuffer(length) { Length = length };
        try
        {
            if (await FillAsync(socket, message.Message, cancel).ConfigureAwait(false))
            {
                return message;
            }
        }
        catch
        {
            message.Dispose();
            throw;
        }

        message.Dispose();
        return null;
    }

    /// <summary>Sends one message; prefix and message in one segment where it fits (RFC 7766, section 8).</summary>
    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        using var framed = new MessageBuffer(PrefixSize + message.Length) { Length = PrefixSize + message.Length };
        BinaryPrimitives.WriteUInt16BigEndian(framed.Whole.Span, (ushort)message.Length);
        message.CopyTo(framed.Whole[PrefixSize..]);
        for (Memory<byte> rest = framed.Message; !rest.IsEmpty;)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancel).ConfigureAwait(false)..];
        }
    }

    private static async ValueTask<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancel)
    {
        while (!buffer.IsEmpty)
        {
            int read = await socket.ReceiveAsync(buffer, SocketFlags.None, cancel).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
        }

        return true;
    }
}
