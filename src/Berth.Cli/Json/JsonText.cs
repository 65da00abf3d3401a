using System.Globalization;
using System.Text;

namespace Berth.Cli.Json;

/// <summary>Writes values as Go's encoding/json does without HTML escapes, compact or indented.</summary>
internal static class JsonText
{
    /// <summary>On one line.</summary>
    public static string Compact(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, null, 0);
        return text.ToString();
    }

    /// <summary>On one line, with what HTML would take for markup escaped: how Go writes a type that marshals itself.</summary>
    public static string ForHtml(object? value) => Compact(value)
        .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);

    /// <summary>One member a line.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="indent">The blanks of one level.</param>
    public static string Indented(object? value, string indent = "    ")
    {
        var text = new StringBuilder();
        Write(text, value, indent, 0);
        return text.ToString();
    }

    /// <summary>A string in quotes.</summary>
    public static void Quote(StringBuilder into, string text)
    {
        into.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => into.Append("\\\""),
                '\\' => into.Append("\\\\"),
                '\b' => into.Append("\\b"),
                '\f' => into.Append("\\f"),
                '\n' => into.Append("\\n"),
                '\r' => into.Append("\\r"),
                '\t' => into.Append("\\t"),
                < ' ' or '\u2028' or '\u2029' => into.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => into.Append(c),
            };
        }

        into.Append('"');
    }

    private static void Write(StringBuilder into, object? value, string? indent, int depth)
    {
        switch (value)
        {
            case null:
                into.Append("null");
                break;
            case bool truth:
                into.Append(truth ? "true" : "false");
                break;
            case string text:
                Quote(into, text);
                break;
            case JsonNumber number:
                into.Append(number.Text);
                break;
            case JsonObject members:
                Members(into, members, indent, depth);
                break;
            case IReadOnlyList<object?> list:
                List(into, list, indent, depth);
                break;
            default:
                into.Append(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
        }
    }

    private static void Members(StringBuilder into, JsonObject value, string? indent, int depth)
    {
        into.Append('{');
        bool first = true;
        foreach ((string name, object? member) in value.Members)
        {
            into.Append(first ? "" : ",");
            first = false;
            Line(into, indent, depth + 1);
            Quote(into, name);
            into.Append(indent is null ? ":" : ": ");
            Write(into, member, indent, depth + 1);
        }

        if (!first)
        {
            Line(into, indent, depth);
        }

        into.Append('}');
    }

    private static void List(StringBuilder into, IReadOnlyList<object?> value, string? indent, int depth)
    {
        into.Append('[');
        bool first = true;
        foreach (object? item in value)
        {
            into.Append(first ? "" : ",");
            first = false;
            Line(into, indent, depth + 1);
            Write(into, item, indent, depth + 1);
        }

        if (!first)
        {
            Line(into, indent, depth);
        }

        into.Append(']');
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
