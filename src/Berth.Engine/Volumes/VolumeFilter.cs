using Berth.Storage;

namespace Berth.Engine.Volumes;

/// <summary>Filters of volume lists and prunes.</summary>
internal sealed class VolumeFilter
{
    private static readonly string[] ListKeys = ["dangling", "name", "driver", "label"];
    private static readonly string[] PruneKeys = ["label", "label!", "all"];

    private readonly Filters _filters;
    private readonly bool _anonymousOnly;

    /// <exception cref="EngineException">Invalid: a key or value that does not exist.</exception>
    public VolumeFilter(Filters filters)
        : this(filters, ListKeys, anonymousOnly: false)
    {
    }

    private VolumeFilter(Filters filters, string[] keys, bool anonymousOnly)
    {
        (_filters, _anonymousOnly) = (filters, anonymousOnly);
        foreach (string key in filters.Keys.Except(keys))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }
    }

    public static VolumeFilter ForPrune(Filters filters) => new(filters, PruneKeys, !filters["all"].Any(v => Flag("all", v)));

    public bool Matches(VolumeRecord volume)
    {
        return (!_anonymousOnly || volume.Document.Anonymous)
            && (_filters["name"] is not { Count: > 0 } names || names.Any(n => volume.Name.Contains(n, StringComparison.Ordinal)))
            && (_filters["driver"] is not { Count: > 0 } drivers || drivers.Contains("local"))
            && (_filters["dangling"] is not { Count: > 0 } dangling || dangling.Any(d => Flag("dangling", d) == (volume.Containers == 0)))
            && _filters["label"].All(l => Filters.HasLabel(volume.Document.Labels, l))
            && !_filters["label!"].Any(l => Filters.HasLabel(volume.Document.Labels, l));
    }

    private static bool Flag(string key, string value) => value switch
    {
        "1" or "true" or "True" or "t" => true,
        "0" or "false" or "False" or "f" => false,
        _ => throw EngineException.Invalid($"invalid filter '{key}={value}'"),
    };
}
