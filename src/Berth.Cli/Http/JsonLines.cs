using System.Buffers;

using Berth.Cli.Json;

namespace Berth.Cli.Http;

/// <summary>An answer of JSON objects, one a line, as they come.</summary>
internal static class JsonLines
{
    public static IEnumerable<JsonObject> Read(ApiResponse answer)
    {
        var pending = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[16 * 1024];
        for (int got; (got = answer.Read(buffer)) > 0;)
        {
            pending.Write(buffer.AsSpan(0, got));
            while (Line(pending) is { } line)
            {
                if (HasText(line))
                {
                    yield return JsonParser.ParseObject(line);
                }
            }
        }

        if (HasText(pending.WrittenSpan.ToArray()))
        {
            yield return JsonParser.ParseObject(pending.WrittenSpan.ToArray());
        }
    }

    private static bool HasText(byte[] line) => line.AsSpan().IndexOfAnyExcept(" \t\r"u8) >= 0;

    // Takes the first whole line out of what has come; null: there is none.
    private static byte[]? Line(ArrayBufferWriter<byte> pending)
    {
        int end = pending.WrittenSpan.IndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        byte[] line = pending.WrittenSpan[..end].ToArray();
        byte[] rest = pending.WrittenSpan[(end + 1)..].ToArray();
        pending.ResetWrittenCount();
        pending.Write(rest);
        return line;
    }
}
