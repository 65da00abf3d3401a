using System.Diagnostics.CodeAnalysis;

namespace Berth.Cli.Json;

/// <summary>An object with its members in the order of the document. Values are null, bool, long, <see cref="JsonNumber"/>, string, <see cref="JsonList"/> or this.</summary>
internal sealed class JsonObject
{
    private readonly List<KeyValuePair<string, object?>> members = [];

    public static JsonObject Empty { get; } = new();

    /// <summary>What Go's types make of it, where that is known.</summary>
    public JsonShape Shape { get; set; }

    public IReadOnlyList<KeyValuePair<string, object?>> Members => members;

    public object? this[string name] => TryGet(name, out object? value) ? value : null;

    /// <summary>The last member of that name, as Go's decoder takes it.</summary>
    public bool TryGet(string name, out object? value)
    {
        for (int i = members.Count - 1; i >= 0; i--)
        {
            if (members[i].Key == name)
            {
                value = members[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public JsonObject Add(string name, object? value)
    {
        members.Add(new(name, value));
        return this;
    }

    /// <summary>Puts a value in place of the one there is, where it stands.</summary>
    public JsonObject Set(string name, object? value)
    {
        int at = members.FindLastIndex(m => m.Key == name);
        if (at < 0)
        {
            return Add(name, value);
        }

        members[at] = new(name, value);
        return this;
    }

    public string Text(string name) => this[name] as string ?? "";

    public long Int(string name) => this[name] switch { long number => number, JsonNumber number => (long)number.Value, _ => 0 };

    public bool Is(string name) => this[name] is true;

    public JsonObject Object(string name) => this[name] as JsonObject ?? Empty;

    public IReadOnlyList<object?> List(string name) => this[name] as JsonList ?? JsonList.Empty;

    public bool TryObject(string name, [NotNullWhen(true)] out JsonObject? value) => (value = this[name] as JsonObject) is not null;
}
