using System.Text.Json;

namespace Berth.Storage;

/// <summary>
/// Lists with null in them: the serializer lets them into lists of what cannot be null, and whoever reads the list would trip over it.
/// Nothing that is read here has a use for one.
/// </summary>
public static class JsonLists
{
    /// <exception cref="JsonException">A list somewhere in the document has a null; the path says where. Or a name is no text: the parser looks at names only when they are asked for.</exception>
    public static void RefuseNulls(JsonElement element)
    {
        try
        {
            RefuseNulls(element, "$");
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("a name in it is not valid UTF-8");
        }
    }

    private static void RefuseNulls(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (item.ValueKind == JsonValueKind.Null)
                    {
                        throw new JsonException("null is no entry of a list", $"{path}[{index}]", null, null);
                    }

                    if (item.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                    {
                        RefuseNulls(item, $"{path}[{index}]");
                    }

                    index++;
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                    {
                        RefuseNulls(property.Value, $"{path}.{property.Name}");
                    }
                }

                break;
            default:
                break;
        }
    }
}
