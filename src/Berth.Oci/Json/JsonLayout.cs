using System.Globalization;
using System.Text;

namespace Berth.Oci.Json;

/// <summary>
/// Lays JSON text out anew as Go's encoding/json does (Compact, Indent). Members, numbers and escapes stay as they were written. The text has to be
/// JSON: nothing is checked.
/// </summary>
public static class JsonLayout
{
    /// <summary>On one line, with what HTML would take for markup escaped: what Go makes of a type that marshals itself.</summary>
    public static string Compact(string json) => Lay(json, null, forHtml: true);

    /// <summary>One member or element a line.</summary>
    /// <param name="json">The text.</param>
    /// <param name="indent">The blanks of one level.</param>
    public static string Indent(string json, string indent) => Lay(json, indent, forHtml: false);

    private static string Lay(string json, string? indent, bool forHtml)
    {
        var into = new StringBuilder(json.Length * 2);
        int depth = 0;
        bool opened = false; // a bracket whose line is not begun: nothing stands in it where it is closed now
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                continue;
            }

            bool closes = c is '}' or ']';
            if (opened && !closes)
            {
                Line(into, indent, ++depth);
            }

            if (closes && !opened)
            {
                Line(into, indent, --depth);
            }

            opened = c is '{' or '[';
            if (c == '"')
            {
                i = Quoted(json, i, into, forHtml);
                continue;
            }

            into.Append(c);
            if (c == ',')
            {
                Line(into, indent, depth);
            }
            else if (c == ':' && indent is not null)
            {
                into.Append(' ');
            }
        }

        return into.ToString();
    }

    // Copies a string; answers where its second quotation mark stands.
    private static int Quoted(string json, int start, StringBuilder into, bool forHtml)
    {
        int i = start;
        into.Append('"');
        while (++i < json.Length && json[i] != '"')
        {
            if (json[i] == '\\' && i + 1 < json.Length)
            {
                into.Append('\\').Append(json[++i]);
                continue;
            }

            bool isMarkup = forHtml && (json[i] is '<' or '>' or '&' or '\u2028' or '\u2029');
            _ = isMarkup ? into.Append(CultureInfo.InvariantCulture, $"\\u{(int)json[i]:x4}") : into.Append(json[i]);
        }

        into.Append('"');
        return i;
    }

    private static void Line(StringBuilder into, string? indent, int depth)
    {
        if (indent is null)
        {
            return;
        }

        into.Append('\n');
        for (int i = 0; i < depth; i++)
        {
            into.Append(indent);
        }
    }
}
