using System.Globalization;
using System.Text.Json;

namespace Berth.Storage;

/// <summary>What is wrong with a JSON document, for people: the serializer's own messages name types of this program.</summary>
public static class JsonFault
{
    public static string Describe(JsonException fault)
    {
        // The reader's faults (no JSON at all) name characters and places; the serializer's have a path and name types.
        if (fault.InnerException is null && fault.Path is not { Length: > 0 })
        {
            return fault.Message;
        }

        string at = fault.Path is { Length: > 1 } path ? $" at {path}" : "";
        string line = fault.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $" (line {number + 1})") : "";
        return fault.InnerException switch
        {
            JsonException reader => $"{reader.Message.Split(". LineNumber", 2)[0]}{at}{line}",
            FormatException format => $"{format.Message.TrimEnd('.')}{at}{line}",
            _ => $"a value of another kind is expected{at}{line}",
        };
    }
}
