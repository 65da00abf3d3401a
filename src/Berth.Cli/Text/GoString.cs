using System.Globalization;
using System.Text;

namespace Berth.Cli.Text;

/// <summary>Strings as Go's fmt prints them.</summary>
internal static class GoString
{
    /// <summary>%q: in double quotes, with Go's escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            Escape(quoted, rune, '"');
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>%q of a rune: in single quotes.</summary>
    public static string QuoteRune(Rune rune)
    {
        var quoted = new StringBuilder("'");
        Escape(quoted, rune, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary>The first word in lower case, for sentences that begin with a name.</summary>
    public static string Title(string text)
    {
        var titled = new StringBuilder(text.Length);
        bool start = true;
        foreach (char c in text)
        {
            titled.Append(start ? char.ToUpperInvariant(c) : c);
            start = !(char.IsLetterOrDigit(c) || c is '_' or '\'');
        }

        return titled.ToString();
    }

    private static void Escape(StringBuilder into, Rune rune, char quote)
    {
        switch (rune.Value)
        {
            case '\a': into.Append("\\a"); break;
            case '\b': into.Append("\\b"); break;
            case '\f': into.Append("\\f"); break;
            case '\n': into.Append("\\n"); break;
            case '\r': into.Append("\\r"); break;
            case '\t': into.Append("\\t"); break;
            case '\v': into.Append("\\v"); break;
            case '\\': into.Append("\\\\"); break;
            case int c when c == quote: into.Append('\\').Append(quote); break;
            case < 0x20 or 0x7F: into.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            default: into.Append(rune.ToString()); break;
        }
    }
}
