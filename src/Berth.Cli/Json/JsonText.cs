using System.Globalization;
using System.Text;

namespace Berth.Cli.Json;

/// <summary>Writes values as Go's encoding/json does without HTML escapes, compact or indented.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder into;
    private readonly string? indent;
    private readonly bool sorted;

    private JsonText(StringBuilder into, string? indent, bool sorted)
    {
        this.into = into;
        this.indent = indent;
        this.sorted = sorted;
    }

    /// <summary>On one line.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="sorted">Maps by key, as Go writes them; structures keep the order of their fields.</param>
    public static string Compact(object? value, bool sorted = false)
    {
        var text = new StringBuilder();
        new JsonText(text, null, sorted).Write(value, 0);
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
        new JsonText(text, indent, sorted: false).Write(value, 0);
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

    private void Write(object? value, int depth)
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
                Members(members, depth);
                break;
            case IReadOnlyList<object?> list:
                List(list, depth);
                break;
            default:
                into.Append(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
        }
    }

    private void Members(JsonObject value, int depth)
    {
        into.Append('{');
        bool first = true;
        foreach ((string name, object? member) in Ordered(value))
        {
            into.Append(first ? "" : ",");
            first = false;
            Line(depth + 1);
            Quote(into, name);
            into.Append(indent is null ? ":" : ": ");
            Write(member, depth + 1);
        }

        if (!first)
        {
            Line(depth);
        }

        into.Append('}');
    }

    private IEnumerable<KeyValuePair<string, object?>> Ordered(JsonObject value) =>
        sorted && value.Shape != JsonShape.Struct ? value.Members.OrderBy(m => m.Key, StringComparer.Ordinal) : value.Members;

    private void List(IReadOnlyList<object?> value, int depth)
    {
        into.Append('[');
        bool first = true;
        foreach (object? item in value)
        {
            into.Append(first ? "" : ",");
            first = false;
            Line(depth + 1);
            Write(item, depth + 1);
        }

        if (!first)
        {
            Line(depth);
        }

        into.Append(']');
    }

    private void Line(int depth)
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
