using System.Globalization;
using System.Text;

namespace Berth.Cli.Json;

/// <summary>Writes one JSON object member by member. What is null, and what is empty where asked, is left out.</summary>
internal sealed class JsonBuilder
{
    private readonly StringBuilder text = new("{", 1024);
    private bool first = true;

    public JsonBuilder Text(string name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            JsonText.Quote(text, value);
        }

        return this;
    }

    public JsonBuilder Int(string name, long? value)
    {
        if (value is long number)
        {
            Name(name);
            text.Append(CultureInfo.InvariantCulture, $"{number}");
        }

        return this;
    }

    public JsonBuilder Is(string name, bool? value)
    {
        if (value is bool truth)
        {
            Name(name);
            text.Append(truth ? "true" : "false");
        }

        return this;
    }

    public JsonBuilder List(string name, IEnumerable<string>? values)
    {
        if (values is null)
        {
            return this;
        }

        Name(name);
        text.Append('[');
        string comma = "";
        foreach (string value in values)
        {
            text.Append(comma);
            JsonText.Quote(text, value);
            comma = ",";
        }

        text.Append(']');
        return this;
    }

    public JsonBuilder Ints(string name, IEnumerable<long> values)
    {
        Name(name);
        text.Append(JsonText.Compact(new JsonList(values.Select(static v => (object?)v))));
        return this;
    }

    public JsonBuilder Lists(string name, IEnumerable<IEnumerable<string>> values)
    {
        Name(name);
        text.Append(JsonText.Compact(new JsonList(values.Select(inner => (object?)new JsonList(inner)))));
        return this;
    }

    public JsonBuilder Map(string name, IEnumerable<KeyValuePair<string, string>>? values)
    {
        return values is null ? this : Object(name, inner =>
        {
            foreach ((string key, string value) in values)
            {
                inner.Text(key, value);
            }
        });
    }

    /// <summary>A member that is an object: filled by the action.</summary>
    public JsonBuilder Object(string name, Action<JsonBuilder> fill)
    {
        Name(name);
        Fill(fill);
        return this;
    }

    /// <summary>A member that is a list of objects; left out when null.</summary>
    public JsonBuilder Objects<T>(string name, IEnumerable<T>? items, Action<JsonBuilder, T> fill)
    {
        if (items is null)
        {
            return this;
        }

        Name(name);
        text.Append('[');
        string comma = "";
        foreach (T item in items)
        {
            text.Append(comma);
            Fill(inner => fill(inner, item));
            comma = ",";
        }

        text.Append(']');
        return this;
    }

    /// <summary>The whole object. Nothing can be added afterwards.</summary>
    public string Close() => text.Append('}').ToString();

    private void Fill(Action<JsonBuilder> fill)
    {
        bool outer = first;
        first = true;
        text.Append('{');
        fill(this);
        text.Append('}');
        first = outer;
    }

    private void Name(string name)
    {
        text.Append(first ? "" : ",");
        first = false;
        JsonText.Quote(text, name);
        text.Append(':');
    }
}
