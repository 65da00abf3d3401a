using Berth.Cli.Specs;
using Berth.Cli.Text;

namespace Berth.Cli.CommandLine;

/// <summary>What the user gave: flags with their values, checked by kind, and words.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> values = [];

    /// <summary>The words that are no flags, in order.</summary>
    public List<string> Words { get; } = [];

    /// <summary>"--help" was among the flags.</summary>
    public bool WantsHelp { get; set; }

    /// <summary>Remarks for standard error: deprecated flags, old spellings.</summary>
    public List<string> Warnings { get; } = [];

    public void Add(Flag flag, string value)
    {
        string name = flag.SameAs ?? flag.Name;
        if (!values.TryGetValue(name, out List<string>? list))
        {
            values[name] = list = [];
        }

        list.Add(value);
    }

    public bool Given(string name) => values.ContainsKey(name);

    /// <summary>A bool; the default where it is not given.</summary>
    public bool Is(string name, bool @default = false) => Last(name) is string text ? GoNumber.ParseBool(text) ?? @default : @default;

    /// <summary>The last value, or the default.</summary>
    public string Text(string name, string @default = "") => Last(name) ?? @default;

    public IReadOnlyList<string> All(string name) => values.TryGetValue(name, out List<string>? list) ? list : [];

    /// <summary>The fields of all values; an empty value has none.</summary>
    public IEnumerable<string> Fields(string name) => All(name).Where(static v => v.Length > 0).SelectMany(CsvFields.Parse);

    public long Int(string name, long @default = 0)
    {
        if (Last(name) is not string text)
        {
            return @default;
        }

        _ = GoNumber.ParseInt(text, 64, out long value);
        return value;
    }

    public long Bytes(string name)
    {
        long value = 0;
        _ = Last(name) is string text ? Units.ParseBinarySize(text, out value) : null;
        return value;
    }

    /// <summary>In nanoseconds.</summary>
    public long Duration(string name)
    {
        long value = 0;
        _ = Last(name) is string text ? GoDuration.Parse(text, out value) : null;
        return value;
    }

    private string? Last(string name) => values.TryGetValue(name, out List<string>? list) ? list[^1] : null;
}
