using System.Globalization;
using System.Text;

namespace Berth.Oci.Json;

/// <summary>Writes JSON by hand, for programs that do without the serializer (see JsonReading). Members that are null are left out.</summary>
public sealed class JsonText
{
    private readonly StringBuilder _text = new();
    private bool _comma;

    /// <summary>An object whose members are written by the function.</summary>
    public static JsonText Object(Action<JsonText> members) => new JsonText().Value(members);

    /// <summary>An array of objects.</summary>
    public static JsonText Array<T>(IReadOnlyList<T> items, Action<JsonText, T> members) => new JsonText().Value(items, members);

    public JsonText Member(string name, string? value) => value is null ? this : Name(name).Quote(value);

    public JsonText Member(string name, long? value) => value is { } number ? Name(name).Raw(number.ToString(CultureInfo.InvariantCulture)) : this;

    public JsonText Member(string name, ulong value) => Name(name).Raw(value.ToString(CultureInfo.InvariantCulture));

    public JsonText Member(string name, bool value) => Name(name).Raw(value ? "true" : "false");

    public JsonText Member(string name, DateTimeOffset value) => Name(name).Quote(value.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>An object; left out when there is none.</summary>
    public JsonText Member<T>(string name, T? value, Action<JsonText, T> members)
        where T : class => value is null ? this : Name(name).Value(j => members(j, value));

    public JsonText Member(string name, Action<JsonText> members) => Name(name).Value(members);

    /// <summary>An array of objects.</summary>
    public JsonText List<T>(string name, IReadOnlyList<T> items, Action<JsonText, T> members) => Name(name).Value(items, members);

    public JsonText Member(string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return this;
        }

        Name(name).Raw("[");
        _comma = false;
        foreach (string value in values)
        {
            Separate();
            Quote(value);
        }

        return Raw("]");
    }

    public JsonText Member(string name, IReadOnlyDictionary<string, string>? values) => values is null ? this : Name(name).Value(j =>
    {
        foreach ((string key, string value) in values)
        {
            j.Member(key, value);
        }
    });

    public override string ToString() => _text.ToString();

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private JsonText Value(Action<JsonText> members)
    {
        Raw("{");
        _comma = false;
        members(this);
        return Raw("}");
    }

    private JsonText Value<T>(IReadOnlyList<T> items, Action<JsonText, T> members)
    {
        Raw("[");
        _comma = false;
        foreach (T item in items)
        {
            Separate();
            Value(j => members(j, item));
        }

        return Raw("]");
    }

    private JsonText Name(string name)
    {
        Separate();
        Quote(name);
        _text.Append(':');
        return this;
    }

    private JsonText Raw(string text)
    {
        _text.Append(text);
        _comma = true;
        return this;
    }

    private void Separate()
    {
        if (_comma)
        {
            _text.Append(',');
        }
    }

    private JsonText Quote(string value)
    {
        _text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                _text.Append('\\').Append(c);
            }
            else if (c < ' ')
            {
                _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                _text.Append(c);
            }
        }

        return Raw("\"");
    }
}
