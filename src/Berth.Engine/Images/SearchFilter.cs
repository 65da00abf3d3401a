using System.Globalization;

using Berth.Images.Registries;
using Berth.Storage;

namespace Berth.Engine.Images;

/// <summary>The filters of a search: is-official, is-automated, stars (at least so many).</summary>
public sealed class SearchFilter
{
    private static readonly string[] Known = ["is-automated", "is-official", "stars"];

    private readonly bool? _official;
    private readonly bool? _automated;
    private readonly int _stars;

    /// <exception cref="EngineException">Invalid: a key or value that does not exist.</exception>
    public SearchFilter(Filters filters)
    {
        foreach (string key in filters.Keys.Except(Known))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }

        (_official, _automated) = (Flag(filters, "is-official"), Flag(filters, "is-automated"));
        _stars = filters["stars"].Select(Stars).DefaultIfEmpty(0).Max();
    }

    public bool Admits(SearchResult result) =>
        (_official ?? result.IsOfficial) == result.IsOfficial && (_automated ?? result.IsAutomated) == result.IsAutomated && result.Stars >= _stars;

    private static bool? Flag(Filters filters, string key) => filters[key] switch
    {
        [] => null,
        ["true" or "1"] => true,
        ["false" or "0"] => false,
        _ => throw EngineException.Invalid($"invalid filter '{key}={string.Join(',', filters[key])}'"),
    };

    private static int Stars(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int stars)
        ? stars
        : throw EngineException.Invalid($"invalid filter 'stars={text}'");
}
