using System.Text;

using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>The functions Docker adds to templates.</summary>
internal static class DockerFunctions
{
    public static Dictionary<string, Func<object?[], object?>> All { get; } = new()
    {
        ["json"] = a => GoFunctions.Exactly("json", a, 1)[0] is ITemplateFields row ? JsonText.ForHtml(row.ToJson()) : JsonText.Compact(Plain(a[0]), sorted: true),
        ["split"] = a => new JsonList(Split(Text(GoFunctions.Exactly("split", a, 2), 0), Text(a, 1))),
        ["join"] = a => string.Join(Text(GoFunctions.Exactly("join", a, 2), 1), List(a[0]).Select(GoValue.Text)),
        ["title"] = a => GoString.Title(Text(GoFunctions.Exactly("title", a, 1), 0)),
        ["lower"] = a => Text(GoFunctions.Exactly("lower", a, 1), 0).ToLowerInvariant(),
        ["upper"] = a => Text(GoFunctions.Exactly("upper", a, 1), 0).ToUpperInvariant(),
        ["pad"] = a => Pad(Text(GoFunctions.Exactly("pad", a, 3), 0), Number(a, 1), Number(a, 2)),
        ["truncate"] = a => Truncate(Text(GoFunctions.Exactly("truncate", a, 2), 0), Number(a, 1)),
    };

    public static Dictionary<string, Func<object?[], object?>> ForHeadings { get; } = new()
    {
        ["json"] = First,
        ["title"] = First,
        ["lower"] = First,
        ["upper"] = First,
        ["truncate"] = First,
        ["split"] = First,
        ["join"] = First,
        ["pad"] = a => Pad(GoValue.Text(GoFunctions.Exactly("pad", a, 3)[0]), Number(a, 1), Number(a, 2)),
    };

    private static object? First(object?[] arguments) => arguments.FirstOrDefault();

    private static object? Plain(object? value) => value switch
    {
        Missing or TypedNull => null,
        _ => value,
    };

    private static IEnumerable<object?> Split(string text, string separator) =>
        separator.Length > 0 ? text.Split(separator) : text.EnumerateRunes().Select(r => (object?)r.ToString());

    private static string Text(object?[] arguments, int index) => arguments[index] as string ?? throw GoFunctions.WrongType("string", arguments[index], index);

    private static int Number(object?[] arguments, int index) => arguments[index] is long number ? (int)number : throw GoFunctions.WrongType("int", arguments[index], index);

    private static IReadOnlyList<object?> List(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        TypedNull => [],
        _ => throw GoFunctions.WrongType("[]string", value, 0),
    };

    private static string Pad(string text, int before, int after) =>
        text.Length == 0 ? text : new string(' ', Math.Max(0, before)) + text + new string(' ', Math.Max(0, after));

    private static string Truncate(string text, int length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < length ? text : Encoding.UTF8.GetString(bytes, 0, Math.Max(0, length));
    }
}
