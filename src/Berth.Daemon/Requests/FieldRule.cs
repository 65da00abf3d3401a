using System.Text.Json;

namespace Berth.Daemon.Requests;

/// <summary>
/// What is done with one known field of a request. A field that is not honoured yet is refused where it asks for something, so that
/// nobody believes in a limit that is not there; where it holds what clients send without being asked, it is let pass.
/// </summary>
internal abstract record FieldRule
{
    /// <summary>The engine does what the field says.</summary>
    public static readonly FieldRule Honoured = new Passed();

    /// <summary>Not honoured yet: only the type's zero value passes.</summary>
    public static readonly FieldRule Refused = new Limited([]);

    /// <summary>Only these values pass, beside the zero value. Each is JSON text.</summary>
    public static FieldRule Only(params string[] values) => new Limited(values);

    /// <summary>An object, whose fields have rules of their own.</summary>
    public static FieldRule Object(FieldRules fields) => new Nested(fields);

    /// <summary>A list of objects, or a map to objects, whose fields have rules of their own.</summary>
    public static FieldRule Each(FieldRules fields) => new Elements(fields);

    /// <summary>Finds the first field that asks for what is not done: its path and value.</summary>
    /// <param name="path">The field's own path, e.g. "HostConfig.Mounts".</param>
    /// <param name="value">What was sent.</param>
    /// <returns>Null: nothing.</returns>
    public abstract (string Path, JsonElement Value)? Offence(string path, JsonElement value);

    /// <summary>Whether a value is its type's zero value, as Go leaves a field that nobody set.</summary>
    public static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        _ => false,
    };

    private sealed record Passed : FieldRule
    {
        public override (string Path, JsonElement Value)? Offence(string path, JsonElement value) => null;
    }

    private sealed record Limited(string[] Values) : FieldRule
    {
        public override (string Path, JsonElement Value)? Offence(string path, JsonElement value) =>
            IsZero(value) || Values.Contains(value.GetRawText()) ? null : (path, value);
    }

    private sealed record Nested(FieldRules Fields) : FieldRule
    {
        public override (string Path, JsonElement Value)? Offence(string path, JsonElement value) =>
            value.ValueKind == JsonValueKind.Object ? Fields.Offence(path, value) : null;
    }

    private sealed record Elements(FieldRules Fields) : FieldRule
    {
        public override (string Path, JsonElement Value)? Offence(string path, JsonElement value)
        {
            IEnumerable<(string, JsonElement)> elements = value.ValueKind switch
            {
                JsonValueKind.Array => value.EnumerateArray().Select((element, i) => ($"{path}[{i}]", element)),
                JsonValueKind.Object => value.EnumerateObject().Select(p => ($"{path}.{p.Name}", p.Value)),
                _ => [],
            };
            foreach ((string where, JsonElement element) in elements)
            {
                if (element.ValueKind == JsonValueKind.Object && Fields.Offence(where, element) is { } offence)
                {
                    return offence;
                }
            }

            return null;
        }
    }
}
