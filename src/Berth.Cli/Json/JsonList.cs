namespace Berth.Cli.Json;

/// <summary>A JSON array.</summary>
internal sealed class JsonList : List<object?>
{
    public JsonList()
    {
    }

    public JsonList(IEnumerable<object?> items)
        : base(items)
    {
    }

    public static JsonList Empty { get; } = [];
}
