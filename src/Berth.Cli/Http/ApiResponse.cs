using System.Globalization;

namespace Berth.Cli.Http;

/// <summary>An answer whose body is read piece by piece. Reading it to the end gives the connection back for the next request.</summary>
internal sealed class ApiResponse : IDisposable
{
    private const int LargestWhole = 256 * 1024 * 1024;
    private readonly HttpConnection connection;
    private readonly Action<HttpConnection> giveBack;
    private long left;
    private bool ended;

    public ApiResponse(HttpConnection connection, ResponseHead head, bool hasBody, Action<HttpConnection> giveBack)
    {
        this.connection = connection;
        this.giveBack = giveBack;
        Head = head;
        left = head.Chunked ? 0 : head.Length ?? -1; // -1: up to the end of the connection
        if (!hasBody || (left == 0 && !head.Chunked))
        {
            End();
        }
    }

    public ResponseHead Head { get; }

    /// <summary>Waits for at least one byte; 0 at the end of the body.</summary>
    public int Read(Span<byte> into)
    {
        if (ended || into.Length == 0)
        {
            return 0;
        }

        if (Head.Chunked && left == 0 && !NextChunk())
        {
            return 0;
        }

        int got = connection.Read(left < 0 || left > into.Length ? into : into[..(int)left]);
        if (got == 0)
        {
            ended = true;
            connection.Dispose();
            return left < 0 ? 0 : throw new ConnectionException("the daemon closed the connection in the middle of an answer");
        }

        left -= left < 0 ? 0 : got;
        if (left == 0 && Head.Chunked)
        {
            connection.ReadLine(); // the CR LF behind a chunk
        }
        else if (left == 0)
        {
            End();
        }

        return got;
    }

    /// <summary>The whole body.</summary>
    public ReadOnlySpan<byte> ReadAll()
    {
        byte[] all = new byte[Head.Length is long length and > 0 and < LargestWhole ? (int)length : 4096];
        int count = 0;
        while (true)
        {
            int got = Read(all.AsSpan(count));
            count += got;
            if (ended)
            {
                return all.AsSpan(0, count);
            }

            if (count == all.Length)
            {
                if (count >= LargestWhole)
                {
                    throw new ConnectionException("the daemon's answer is larger than 256 MiB");
                }

                Array.Resize(ref all, Math.Max(4096, count * 2));
            }
        }
    }

    /// <summary>Closes the connection when the body was not read to its end.</summary>
    public void Dispose()
    {
        if (!ended)
        {
            ended = true;
            connection.Dispose();
        }
    }

    private bool NextChunk()
    {
        string? line = connection.ReadLine();
        if (line is null)
        {
            ended = true;
            connection.Dispose();
            throw new ConnectionException("the daemon closed the connection in the middle of an answer");
        }

        int extension = line.IndexOf(';', StringComparison.Ordinal);
        if (!long.TryParse(extension < 0 ? line : line[..extension], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out left) || left < 0)
        {
            throw new ConnectionException($"the daemon's answer has a malformed chunk size \"{line}\"");
        }

        if (left > 0)
        {
            return true;
        }

        while (connection.ReadLine() is { Length: > 0 })
        {
        }

        End();
        return false;
    }

    private void End()
    {
        ended = true;
        if (Head.Close || (Head.Length is null && !Head.Chunked && Head.Status is not (204 or 304)))
        {
            connection.Dispose();
        }
        else
        {
            giveBack(connection);
        }
    }
}
