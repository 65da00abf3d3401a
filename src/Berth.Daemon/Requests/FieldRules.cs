using System.Text.Json;
using Berth.Storage;

namespace Berth.Daemon.Requests;

/// <summary>The known fields of one kind of object. A field that is in no table is unknown and ignored, as Docker does.</summary>
internal sealed class FieldRules
{
    private const int MaxShown = 200;

    // Names are matched without regard to case, as they are read.
    private readonly Dictionary<string, FieldRule> _rules = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names in the table.</summary>
    public IEnumerable<string> Names => _rules.Keys;

    /// <summary>The rule of a field.</summary>
    public FieldRule this[string name]
    {
        get => _rules[name];
        init => _rules[name] = value;
    }

    /// <summary>One more field.</summary>
    public void Add(string name, FieldRule rule) => _rules.Add(name, rule);

    /// <summary>Refuses a request that asks for what is not done yet.</summary>
    /// <exception cref="EngineException">NotImplemented: names the field and its value. Invalid: a list holds null.</exception>
    public void Check(JsonElement request)
    {
        RefuseNulls("", request);
        if (Offence("", request) is (string path, JsonElement value))
        {
            string text = value.GetRawText();
            string shown = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
            throw EngineException.NotImplemented($"berth: {path} = {shown} is not supported yet; leave it out");
        }
    }

    internal (string Path, JsonElement Value)? Offence(string path, JsonElement value)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (_rules.TryGetValue(property.Name, out FieldRule? rule)
                && rule.Offence(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value) is { } offence)
            {
                return offence;
            }
        }

        return null;
    }

    // Nothing behind this point expects a null in a list; no client sends one.
    private static void RefuseNulls(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in value.EnumerateObject())
            {
                RefuseNulls(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in value.EnumerateArray())
            {
                if (element.ValueKind == JsonValueKind.Null)
                {
                    throw EngineException.Invalid($"{path} holds null: a list may not");
                }

                RefuseNulls(path, element);
            }
        }
    }
}
