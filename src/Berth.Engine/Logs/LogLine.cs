using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Berth.Engine.Logs;

/// <summary>One line of a log file, <c>{"log":"text\n","stream":"stdout","time":"…"}</c>, decoded in place.</summary>
internal ref struct LogLine
{
    /// <summary>Bytes of a time with all nine decimals.</summary>
    public const int FixedTimeLength = 30;

    private const int SecondsLength = 19;

    /// <summary>The text as the program wrote it: what was no UTF-8 has become U+FFFD when it was logged.</summary>
    public ReadOnlySpan<byte> Text;

    public bool IsStderr;

    /// <summary>RFC 3339 with nanoseconds, as written.</summary>
    public ReadOnlySpan<byte> Time;

    /// <summary>False: not a line of this form (a power cut may leave one torn).</summary>
    /// <param name="json">Without the newline.</param>
    /// <param name="scratch">Room for the text, at least as long as the line.</param>
    /// <param name="line">Points into both.</param>
    public static bool TryDecode(ReadOnlySpan<byte> json, Span<byte> scratch, out LogLine line)
    {
        line = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool log = reader.ValueTextEquals("log"u8), stream = reader.ValueTextEquals("stream"u8), time = reader.ValueTextEquals("time"u8);
                if (!reader.Read())
                {
                    return false;
                }

                if (log)
                {
                    line.Text = reader.ValueIsEscaped ? scratch[..reader.CopyString(scratch)] : json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                }
                else if (stream)
                {
                    line.IsStderr = reader.ValueTextEquals("stderr"u8);
                }
                else if (time)
                {
                    line.Time = json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                }
                else
                {
                    reader.Skip();
                }
            }

            return line.Time.Length > 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes the time with nine decimals, as Docker shows it; the log holds it without trailing zeros.</summary>
    public readonly void WriteFixedTime(Span<byte> to)
    {
        int length = Math.Clamp(Time.Length - 1, 0, FixedTimeLength - 1); // without the Z
        to.Fill((byte)'0');
        Time[..length].CopyTo(to);
        to[SecondsLength] = (byte)'.';
        to[FixedTimeLength - 1] = (byte)'Z';
    }

    /// <summary>Nanoseconds since 1970; null where the time is malformed.</summary>
    public readonly long? Nanoseconds()
    {
        // Seconds by the library, the fraction by hand: DateTimeOffset has only 100 ns.
        int dot = Time.IndexOf((byte)'.');
        ReadOnlySpan<byte> seconds = dot < 0 ? Time[..Math.Min(19, Time.Length)] : Time[..dot];
        if (!DateTimeOffset.TryParse(Encoding.ASCII.GetString(seconds), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset whole))
        {
            return null;
        }

        long fraction = 0;
        int digits = 0;
        for (int i = dot + 1; dot >= 0 && i < Time.Length && Time[i] is >= (byte)'0' and <= (byte)'9' && digits < 9; i++, digits++)
        {
            fraction = (fraction * 10) + (Time[i] - '0');
        }

        for (; digits < 9; digits++)
        {
            fraction *= 10;
        }

        return (whole.ToUnixTimeSeconds() * 1_000_000_000) + fraction;
    }
}
