using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands;

/// <summary>
/// Shows what a long request reports, one JSON message after the other. On a terminal each object has a line that is written over;
/// elsewhere progress is left out, so that a log holds facts alone.
/// </summary>
/// <param name="output">Where.</param>
/// <param name="quiet">Only errors count.</param>
internal sealed class ProgressStream(Output output, bool quiet = false)
{
    private const int BarWidth = 30;
    private readonly List<string> lines = [];

    /// <exception cref="CliException">The last message was an error.</exception>
    public void Show(ApiResponse answer)
    {
        var pending = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[16 * 1024];
        for (int got; (got = answer.Read(buffer)) > 0;)
        {
            pending.Write(buffer.AsSpan(0, got));
            int whole = pending.WrittenSpan.LastIndexOf((byte)'\n') + 1;
            Messages(pending.WrittenSpan[..whole]);
            byte[] rest = pending.WrittenSpan[whole..].ToArray();
            pending.ResetWrittenCount();
            pending.Write(rest);
        }

        Messages(pending.WrittenSpan);
    }

    private void Messages(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].Trim(" \r\t"u8);
            if (line.Length == 0)
            {
                continue;
            }

            if (quiet && line[0] != '{')
            {
                continue;
            }

            if (line[0] != '{')
            {
                output.Line(Encoding.UTF8.GetString(line)); // old daemons answer in plain text
                continue;
            }

            try
            {
                Message(JsonParser.ParseObject(line));
            }
            catch (JsonException)
            {
                output.Line(Encoding.UTF8.GetString(line));
            }
        }

        output.Flush();
    }

    private void Message(JsonObject message)
    {
        string error = message.Object("errorDetail").Text("message") is { Length: > 0 } detail ? detail : message.Text("error");
        if (error.Length > 0)
        {
            throw new CliException(error);
        }

        if (quiet)
        {
            return;
        }

        if (message.Text("stream") is { Length: > 0 } stream)
        {
            output.Write(stream);
            return;
        }

        string status = message.Text("status"), id = message.Text("id");
        JsonObject progress = message.Object("progressDetail");
        bool moving = progress.Int("current") > 0 || progress.Int("total") > 0;
        if (!output.IsTerminal)
        {
            if (!moving && status.Length > 0)
            {
                output.Line(id.Length > 0 ? $"{id}: {status}" : status);
            }

            return;
        }

        string text = moving ? $"{status} {Bar(progress.Int("current"), progress.Int("total"))}" : status;
        if (id.Length == 0)
        {
            output.Line(text);
            return;
        }

        InPlace(id, $"{id}: {text}");
    }

    // Up to the object's own line, over what stood there, and back down.
    private void InPlace(string id, string text)
    {
        int index = lines.IndexOf(id);
        if (index < 0)
        {
            lines.Add(id);
            output.Line(text);
            return;
        }

        int up = lines.Count - index;
        output.Write(string.Create(CultureInfo.InvariantCulture, $"\u001b[{up}A\r\u001b[2K{text}\r\u001b[{up}B"));
    }

    private static string Bar(long current, long total)
    {
        if (total <= 0)
        {
            return Units.Size(current);
        }

        int done = (int)Math.Clamp(current * BarWidth / total, 0, BarWidth);
        return $"[{new string('=', done)}>{new string(' ', BarWidth - done)}] {Units.Size(current)}/{Units.Size(total)}";
    }
}
