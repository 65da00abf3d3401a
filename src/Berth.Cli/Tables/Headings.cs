using Berth.Cli.Json;
using Berth.Cli.Templates;

namespace Berth.Cli.Tables;

/// <summary>The headings of a table: the template of its rows is filled in with these once.</summary>
internal sealed class Headings<T>(RowKind<T> kind) : ITemplateFields
{
    public string TypeName => "formatter.SubHeaderContext";

    public bool TryField(string name, out object? value)
    {
        RowField<T>? field = Array.Find(kind.Fields, f => f.Name == name);
        value = field is not null ? field.Heading
            : name == "Label" ? new TemplateMethod(1, arguments => OfLabel(arguments[0] as string ?? ""))
            : Missing.Value;
        return true;
    }

    public object ToJson() => JsonObject.Empty;

    // "com.example.my-label": what is behind the last dot, with blanks.
    private static string OfLabel(string name) => name[(name.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ');
}
