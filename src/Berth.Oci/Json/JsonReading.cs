using System.Text.Json;

namespace Berth.Oci.Json;

/// <summary>
/// Steps of reading JSON by hand. The runtime stays with every container and starts in milliseconds: the serializer would be more than half of
/// its program and most of its start. Each method leaves the reader on the last token of what it read; null is the absence of a value.
/// </summary>
public static class JsonReading
{
    /// <summary>Reads one value; the reader stands on its first token.</summary>
    public delegate T Element<out T>(ref Utf8JsonReader json);

    /// <summary>Reads a whole text that is one object.</summary>
    public static T Whole<T>(ReadOnlySpan<byte> text, Element<T> read)
        where T : class
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        Expect(ref json, JsonTokenType.StartObject, "an object");
        T value = read(ref json);
        while (json.Read())
        {
            // The reader refuses by itself what follows after the end.
        }

        return value;
    }

    /// <summary>Goes on to the next name of the present object; false at its end.</summary>
    public static bool NextMember(this ref Utf8JsonReader json, out string name)
    {
        json.Read();
        name = json.TokenType == JsonTokenType.PropertyName ? json.GetString()! : "";
        return json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Leaves out the value of a member that is not known, and answers what it was given.</summary>
    public static T Skip<T>(this ref Utf8JsonReader json, T value)
        where T : class
    {
        json.Read();
        json.Skip();
        return value;
    }

    public static JsonException Missing(string members) => new($"a member is missing or empty: {members}");

    public static string? Text(this ref Utf8JsonReader json) => Next(ref json, JsonTokenType.String, "a string") ? json.GetString() : null;

    public static string RequiredText(this ref Utf8JsonReader json) => json.Text() ?? throw Wrong(ref json, "a string");

    public static bool Bool(this ref Utf8JsonReader json) => json.OptionalBool() ?? false;

    public static bool? OptionalBool(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw Wrong(ref json, "true or false"),
        };
    }

    public static long? OptionalLong(this ref Utf8JsonReader json) =>
        !Number(ref json) ? null : json.TryGetInt64(out long value) ? value : throw Wrong(ref json, "a whole number of 64 bits");

    public static ulong? OptionalULong(this ref Utf8JsonReader json) =>
        !Number(ref json) ? null : json.TryGetUInt64(out ulong value) ? value : throw Wrong(ref json, "a whole number of 64 bits that is not negative");

    public static int? OptionalInt(this ref Utf8JsonReader json) =>
        !Number(ref json) ? null : json.TryGetInt32(out int value) ? value : throw Wrong(ref json, "a whole number of 32 bits");

    public static uint? OptionalUInt(this ref Utf8JsonReader json) =>
        !Number(ref json) ? null : json.TryGetUInt32(out uint value) ? value : throw Wrong(ref json, "a whole number of 32 bits that is not negative");

    public static ushort? OptionalUShort(this ref Utf8JsonReader json) =>
        !Number(ref json) ? null : json.TryGetUInt16(out ushort value) ? value : throw Wrong(ref json, "a whole number up to 65535");

    public static long Long(this ref Utf8JsonReader json) => json.OptionalLong() ?? 0;

    public static ulong ULong(this ref Utf8JsonReader json) => json.OptionalULong() ?? 0;

    public static int Int(this ref Utf8JsonReader json) => json.OptionalInt() ?? 0;

    public static uint UInt(this ref Utf8JsonReader json) => json.OptionalUInt() ?? 0;

    public static ushort UShort(this ref Utf8JsonReader json) => json.OptionalUShort() ?? 0;

    public static DateTimeOffset Time(this ref Utf8JsonReader json) =>
        Next(ref json, JsonTokenType.String, "a time") && json.TryGetDateTimeOffset(out DateTimeOffset time) ? time : throw Wrong(ref json, "a time (RFC 3339)");

    /// <summary>An object that may be null.</summary>
    public static T? Object<T>(this ref Utf8JsonReader json, Element<T> read)
        where T : class => Next(ref json, JsonTokenType.StartObject, "an object") ? read(ref json) : null;

    /// <summary>An array of objects.</summary>
    public static List<T>? List<T>(this ref Utf8JsonReader json, Element<T> read)
        where T : class
    {
        if (!Next(ref json, JsonTokenType.StartArray, "an array"))
        {
            return null;
        }

        var list = new List<T>();
        while (NextElement(ref json))
        {
            Expect(ref json, JsonTokenType.StartObject, "an object");
            list.Add(read(ref json));
        }

        return list;
    }

    public static List<string>? Texts(this ref Utf8JsonReader json)
    {
        if (!Next(ref json, JsonTokenType.StartArray, "an array"))
        {
            return null;
        }

        var list = new List<string>();
        while (NextElement(ref json))
        {
            Expect(ref json, JsonTokenType.String, "a string");
            list.Add(json.GetString()!);
        }

        return list;
    }

    public static uint[]? UInts(this ref Utf8JsonReader json)
    {
        if (!Next(ref json, JsonTokenType.StartArray, "an array"))
        {
            return null;
        }

        uint[] list = [];
        while (NextElement(ref json))
        {
            Expect(ref json, JsonTokenType.Number, "a number");
            list = [.. list, json.TryGetUInt32(out uint value) ? value : throw Wrong(ref json, "a whole number of 32 bits that is not negative")];
        }

        return list;
    }

    public static Dictionary<string, string>? TextMap(this ref Utf8JsonReader json)
    {
        if (!Next(ref json, JsonTokenType.StartObject, "an object"))
        {
            return null;
        }

        var map = new Dictionary<string, string>();
        while (json.NextMember(out string name))
        {
            map[name] = json.RequiredText();
        }

        return map;
    }

    private static bool NextElement(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType != JsonTokenType.EndArray;
    }

    private static bool Number(ref Utf8JsonReader json) => Next(ref json, JsonTokenType.Number, "a number");

    // False for null.
    private static bool Next(ref Utf8JsonReader json, JsonTokenType wanted, string words)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        Expect(ref json, wanted, words);
        return true;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType wanted, string words)
    {
        if (json.TokenType != wanted)
        {
            throw Wrong(ref json, words);
        }
    }

    private static JsonException Wrong(ref Utf8JsonReader json, string words) => new($"{words} is expected at byte {json.TokenStartIndex}");
}
