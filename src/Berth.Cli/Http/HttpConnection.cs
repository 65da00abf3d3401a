using System.Buffers.Text;
using System.Text;

using Berth.Linux;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Cli.Http;

/// <summary>HTTP/1.1 on one blocking connection: one request, its answer, the next request. RFC 9112.</summary>
/// <param name="socket">Owned.</param>
/// <param name="tunnel">What carries it; owned. Null: it is the daemon's own.</param>
internal sealed class HttpConnection(StreamSocket socket, SshTunnel? tunnel = null) : IDisposable
{
    private const int LongestHead = 64 * 1024;
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private bool answered;

    public StreamSocket Socket => socket;

    /// <summary>Bytes that arrived but were not taken yet; they come before whatever the socket has next.</summary>
    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>Sends a whole request in one piece.</summary>
    /// <param name="method">GET, POST, …</param>
    /// <param name="target">Path and query.</param>
    /// <param name="headers">Further header lines, each ended by CR LF.</param>
    /// <param name="body">The body, or null for none.</param>
    public void Send(string method, string target, string headers, string? body)
    {
        int length = body is null ? 0 : Encoding.UTF8.GetByteCount(body);
        string head = body is null
            ? $"{method} {target} HTTP/1.1\r\nHost: api.moby.localhost\r\nUser-Agent: {Identity.UserAgent}\r\n{headers}{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n"
            : $"{method} {target} HTTP/1.1\r\nHost: api.moby.localhost\r\nUser-Agent: {Identity.UserAgent}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n";
        byte[] request = new byte[Encoding.UTF8.GetByteCount(head) + length];
        int at = Encoding.UTF8.GetBytes(head, request);
        if (body is not null)
        {
            Encoding.UTF8.GetBytes(body, request.AsSpan(at));
        }

        try
        {
            socket.SendAll(request);
        }
        catch (LinuxException e)
        {
            throw tunnel?.Ended(answered) ?? new ConnectionException($"the connection to the daemon broke while the request was sent: {e.Message}");
        }
    }

    /// <summary>Waits for the answer's head. Null: the peer closed without a word.</summary>
    public ResponseHead? ReadHead()
    {
        while (true)
        {
            int length;
            while ((length = Buffered.IndexOf("\r\n\r\n"u8)) < 0)
            {
                if (end - start > LongestHead)
                {
                    throw new ConnectionException("the daemon's answer has a head of more than 64 KiB");
                }

                if (!Fill())
                {
                    return end == start ? null : throw new ConnectionException("the daemon closed the connection in the middle of an answer");
                }
            }

            ResponseHead head = Parse(buffer.AsSpan(start, length));
            start += length + 4;
            if (head.Status is >= 200 or 101)
            {
                answered = true;
                return head;
            }
        }
    }

    /// <summary>Takes what is there, waiting for at least one byte; 0 at the end.</summary>
    public int Read(Span<byte> into)
    {
        if (start == end)
        {
            return socket.Receive(into);
        }

        int count = Math.Min(into.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(into);
        start += count;
        return count;
    }

    /// <summary>One line without its CR LF; null at the end of the connection.</summary>
    public string? ReadLine()
    {
        int length;
        while ((length = Buffered.IndexOf((byte)'\n')) < 0)
        {
            if (end - start > LongestHead || !Fill())
            {
                return null;
            }
        }

        string line = Encoding.UTF8.GetString(buffer, start, length).TrimEnd('\r');
        start += length + 1;
        return line;
    }

    /// <summary>The peer closed it, or sent what nobody asked for: not to be used for another request.</summary>
    public bool IsStale()
    {
        Span<PollItem> items = [new PollItem { Number = socket.Number, Wanted = PollEvents.Readable }];
        return Poll.Wait(items, 0) != 0;
    }

    /// <summary>What to say of a peer that ended without an answer.</summary>
    /// <param name="address">The daemon's.</param>
    public ConnectionException Ended(string address) =>
        tunnel?.Ended(answered) ?? new ConnectionException($"the daemon at {address} closed the connection without an answer; see its log");

    public void Dispose()
    {
        socket.Dispose();
        tunnel?.Dispose();
    }

    private bool Fill()
    {
        if (start == end)
        {
            start = end = 0;
        }
        else if (end == buffer.Length)
        {
            if (start == 0)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            else
            {
                Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
        }

        int got = socket.Receive(buffer.AsSpan(end));
        end += got;
        return got > 0;
    }

    private static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1."u8) || head.Length < 12 || !Utf8Parser.TryParse(head[9..12], out int status, out int used) || used != 3)
        {
            throw new ConnectionException("the daemon's answer is not HTTP: is this the socket of a container engine?");
        }

        var found = new ResponseHead(status, null, false, head[7] == '0', "", "", "");
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                continue;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim((byte)' ');
            ReadOnlySpan<byte> name = line[..colon];
            if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8) && Utf8Parser.TryParse(value, out long length, out int all) && all == value.Length)
            {
                found = found with { Length = length };
            }
            else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
            {
                found = found with { Chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8) };
            }
            else if (Ascii.EqualsIgnoreCase(name, "Connection"u8))
            {
                found = found with { Close = found.Close || Ascii.EqualsIgnoreCase(value, "close"u8) };
            }
            else if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8))
            {
                found = found with { ContentType = Encoding.ASCII.GetString(value) };
            }
            else if (Ascii.EqualsIgnoreCase(name, "Api-Version"u8))
            {
                found = found with { ApiVersion = Encoding.ASCII.GetString(value) };
            }
            else if (Ascii.EqualsIgnoreCase(name, "Berth-Left-Out"u8))
            {
                found = found with { LeftOut = Encoding.ASCII.GetString(value) };
            }
        }

        return found;
    }
}
