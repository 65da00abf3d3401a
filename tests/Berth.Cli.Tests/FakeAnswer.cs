using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Berth.Cli.Tests;

/// <summary>What the daemon of a test sends back.</summary>
internal sealed record FakeAnswer(string Head, byte[][] Body, bool Closes = false)
{
    /// <summary>Goes on with the connection afterwards.</summary>
    public Action<Stream>? Then { get; init; }

    public static FakeAnswer Json(string json, int status = 200)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        return new FakeAnswer($"HTTP/1.1 {status} Whatever\r\nApi-Version: 1.52\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n", [body]);
    }

    public static FakeAnswer Nothing() => new("HTTP/1.1 204 No Content\r\nApi-Version: 1.52\r\n\r\n", []);

    /// <summary>Each piece as a chunk of its own.</summary>
    public static FakeAnswer Chunked(string contentType, params byte[][] pieces) => new(
        $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n",
        [.. pieces.Select(Chunk), "0\r\n\r\n"u8.ToArray()]);

    /// <summary>101 and the streams behind it, then the end of the connection.</summary>
    public static FakeAnswer Upgrade(params byte[][] pieces) => new(
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n", pieces, Closes: true);

    /// <summary>One frame of stdout (1) or stderr (2).</summary>
    public static byte[] Frame(byte stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] frame = new byte[8 + bytes.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)bytes.Length);
        bytes.CopyTo(frame, 8);
        return frame;
    }

    private static byte[] Chunk(byte[] piece) =>
        [.. Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. piece, .. "\r\n"u8];
}
