using System.Text.Json;
using System.Text.RegularExpressions;

using Berth.Storage;

namespace Berth.Engine;

/// <summary>The <c>filters</c> of a query: by key, the values of which one must hold.</summary>
public sealed class Filters
{
    public static readonly Filters None = new(new Dictionary<string, IReadOnlyList<string>>());

    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _values;

    public Filters(IReadOnlyDictionary<string, IReadOnlyList<string>> values) => _values = values;

    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>The values of a key; empty where it was not given.</summary>
    public IReadOnlyList<string> this[string key] => _values.TryGetValue(key, out IReadOnlyList<string>? values) ? values : [];

    /// <summary>
    /// The values of a key as regular expressions, which Docker takes names and ids for, found anywhere. Without backtracking, so that none
    /// can hold the daemon up.
    /// </summary>
    /// <exception cref="EngineException">Invalid: one is none.</exception>
    internal Regex[] Patterns(string key) => [.. this[key].Select(text => Pattern(key, text))];

    /// <summary>Whether labels have what a label filter asks for: a name, or NAME=VALUE.</summary>
    public static bool HasLabel(IReadOnlyDictionary<string, string>? labels, string filter)
    {
        string[] parts = filter.Split('=', 2);
        return labels is not null && labels.TryGetValue(parts[0], out string? value) && (parts.Length == 1 || parts[1] == value);
    }

    /// <summary>Reads both forms that clients send: {"key":["value"]} and, from old ones, {"key":{"value":true}}.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Filters Parse(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return None;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind == JsonValueKind.Array
                    ? [.. property.Value.EnumerateArray().Select(v => v.GetString() ?? throw new FormatException("invalid filter"))]
                    : [.. property.Value.EnumerateObject().Where(v => v.Value.GetBoolean()).Select(v => v.Name)];
            }

            return new Filters(values);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"invalid filters: {e.Message}", e);
        }
    }

    private static Regex Pattern(string key, string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw EngineException.Invalid($"invalid filter '{key}={text}': {e.Message}");
        }
    }
}
