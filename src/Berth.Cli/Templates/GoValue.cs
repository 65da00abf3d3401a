using System.Globalization;
using System.Text;

using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>Values as Go sees them: how they print, whether they are true, what their type is called.</summary>
internal static class GoValue
{
    /// <summary>As a template shows a value, fmt's %v.</summary>
    public static string Print(object? value) => value switch
    {
        null or Missing => "<no value>",
        _ => Text(value),
    };

    /// <summary>%v of a value inside another: a null is "&lt;nil&gt;".</summary>
    public static string Text(object? value)
    {
        switch (value)
        {
            case null or Missing:
                return "<nil>";
            case string text:
                return text;
            case bool truth:
                return truth ? "true" : "false";
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            case double number:
                return GoNumber.Shortest(number);
            case JsonNumber number:
                return GoNumber.Shortest(number.Value);
            case TypedNull nothing:
                return nothing.Text;
            case IReadOnlyList<object?> list:
                return $"[{string.Join(' ', list.Select(Text))}]";
            case JsonObject members:
                return Members(members);
            case ITemplateFields fields:
                return Text(fields.ToJson());
            default:
                return value.ToString() ?? "";
        }
    }

    /// <summary>False, zero, empty and nil are not true; everything else is.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Missing or TypedNull => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        JsonNumber number => number.Value != 0,
        string text => text.Length > 0,
        IReadOnlyCollection<object?> list => list.Count > 0,
        JsonObject { Shape: not JsonShape.Struct } map => map.Members.Count > 0,
        _ => true,
    };

    public static string TypeName(object? value) => value switch
    {
        null or Missing => "interface {}",
        string => "string",
        bool => "bool",
        long => "int",
        double or JsonNumber => "float64",
        IReadOnlyList<object?> => "[]interface {}",
        ITemplateFields fields => fields.TypeName,
        _ => "map[string]interface {}",
    };

    /// <summary>The members of a map in the order Go ranges over and prints them.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Sorted(JsonObject map) => map.Members.OrderBy(m => m.Key, StringComparer.Ordinal);

    private static string Members(JsonObject value)
    {
        bool isStruct = value.Shape == JsonShape.Struct;
        var text = new StringBuilder(isStruct ? "{" : "map[");
        string blank = "";
        foreach ((string name, object? member) in isStruct ? value.Members : Sorted(value))
        {
            text.Append(blank);
            if (!isStruct)
            {
                text.Append(name).Append(':');
            }

            text.Append(Text(member ?? (isStruct ? GoShape.NullOf(name) : null)));
            blank = " ";
        }

        return text.Append(isStruct ? '}' : ']').ToString();
    }
}
