using System.Globalization;
using System.Text;

namespace Berth.Cli.Tests;

/// <summary>What a client sent.</summary>
internal sealed record FakeRequest(string Line, string Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static FakeRequest? Read(Stream stream)
    {
        string head = ReadHead(stream);
        if (head.Length == 0)
        {
            return null;
        }

        string line = head[..head.IndexOf(" HTTP/", StringComparison.Ordinal)];
        return new FakeRequest(line, head, Header(head, "Transfer-Encoding") == "chunked" ? ReadChunks(stream) : ReadExactly(stream, Length(head)));
    }

    private static int Length(string head) => int.Parse(Header(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);

    private static string? Header(string head, string name) => head.Split("\r\n")
        .FirstOrDefault(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static string ReadHead(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                return "";
            }

            head.Append((char)next);
        }

        return head.ToString();
    }

    private static byte[] ReadExactly(Stream stream, int length)
    {
        byte[] body = new byte[length];
        stream.ReadExactly(body);
        return body;
    }

    private static byte[] ReadChunks(Stream stream)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                line.Append((char)stream.ReadByte());
            }

            int length = int.Parse(line.ToString().Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            body.Write(ReadExactly(stream, length));
            ReadExactly(stream, 2);
            if (length == 0)
            {
                return body.ToArray();
            }
        }
    }
}
