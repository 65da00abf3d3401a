namespace Berth.Cli.Templates;

/// <summary>A JSON null that is known to stand for an absent list, map or structure: they print differently in Go.</summary>
internal sealed class TypedNull
{
    private TypedNull(string text) => Text = text;

    public static TypedNull List { get; } = new("[]");

    public static TypedNull Map { get; } = new("map[]");

    public static TypedNull Pointer { get; } = new("<nil>");

    /// <summary>As fmt prints it.</summary>
    public string Text { get; }
}
