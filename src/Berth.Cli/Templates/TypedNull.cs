namespace Berth.Cli.Templates;

/// <summary>A JSON null that is known to stand for an absent list, map or structure: they print differently in Go.</summary>
internal sealed class TypedNull
{
    private TypedNull(string text) => Text = text;

    public static TypedNull List { get; } = new("[]");

    public static TypedNull Map { get; } = new("map[]");

    public static TypedNull Pointer { get; } = new("<nil>");

    /// <summary>A structure that the document leaves out: taking a field of it is an error that names it.</summary>
    public static TypedNull Absent(string name) => new("<nil>") { Name = name };

    /// <summary>The member it is the absence of, where that is known.</summary>
    public string? Name { get; private init; }

    /// <summary>As fmt prints it.</summary>
    public string Text { get; }
}
