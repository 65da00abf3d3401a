using System.Globalization;
using Berth.Engine;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Http;

/// <summary>A request's query, read by Docker's rules.</summary>
internal readonly struct Query(IQueryCollection values)
{
    /// <summary>Null where the key is absent or empty.</summary>
    public string? Text(string key) => values.TryGetValue(key, out var value) && !string.IsNullOrEmpty(value[0]) ? value[0] : null;

    /// <summary>All values of a repeated key.</summary>
    public IReadOnlyList<string> All(string key) => [.. values[key].Where(v => v is not null).Select(v => v!)];

    /// <summary>False is "", "0", "no", "false" or "none", in any case; whatever else is true.</summary>
    public bool Flag(string key, bool absent = false) => Text(key) is not string text
        ? absent && !values.ContainsKey(key)
        : text.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none");

    /// <exception cref="EngineException">Invalid: it is no number.</exception>
    public int? Number(string key) => Text(key) switch
    {
        null => null,
        string text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        string text => throw EngineException.Invalid($"invalid value \"{text}\" for {key}: an integer is wanted"),
    };

    /// <exception cref="EngineException">Invalid: it is no size of a terminal.</exception>
    public int Cells(string key) => Text(key) is string text && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort cells)
        ? cells
        : throw EngineException.Invalid($"invalid resize {(key == "h" ? "height" : "width")} \"{Text(key)}\": a number from 0 to 65535 is wanted in {key}");

    /// <exception cref="FormatException">It is not the JSON that clients send.</exception>
    public Filters Filters() => Engine.Filters.Parse(Text("filters"));

    /// <summary>As <see cref="InstantText"/> has it. Null where absent, or 0, which clients send for "no limit".</summary>
    /// <exception cref="EngineException">Invalid: it is none.</exception>
    public DateTimeOffset? Instant(string key) =>
        Text(key) is string text && text != "0" ? InstantText.Parse($"value for \"{key}\": \"{text}\"", text, DateTimeOffset.UtcNow) : null;
}
