namespace Berth.Cli.Templates;

/// <summary>Something a template takes fields of: a row of a table.</summary>
internal interface ITemplateFields
{
    /// <summary>What error messages call it.</summary>
    string TypeName { get; }

    /// <summary>A field's value, or a <see cref="TemplateMethod"/>; false: there is none of that name.</summary>
    bool TryField(string name, out object? value);

    /// <summary>All of it, for "{{json .}}" and for printing.</summary>
    object? ToJson();
}
