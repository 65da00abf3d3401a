using Berth.Cli.Json;
using Berth.Cli.Templates;

namespace Berth.Cli.Tables;

/// <summary>One row, as a template sees it.</summary>
internal sealed class Row<T>(RowKind<T> kind, T value) : ITemplateFields
{
    public string TypeName => kind.TypeName;

    public bool TryField(string name, out object? found)
    {
        RowField<T>? field = Array.Find(kind.Fields, f => f.Name == name);
        found = field is not null ? field.Get(value)
            : name == "Label" && kind.Label is { } label ? new TemplateMethod(1, arguments => label(value, arguments[0] as string ?? ""))
            : null;
        return field is not null || found is not null;
    }

    public object ToJson()
    {
        var all = new JsonObject();
        foreach (RowField<T> field in kind.Fields.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            all.Add(field.Name, field.Get(value));
        }

        return all;
    }
}
