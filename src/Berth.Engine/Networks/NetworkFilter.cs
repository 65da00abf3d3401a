using System.Globalization;
using System.Text.RegularExpressions;

using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>Filters of network lists and prunes.</summary>
internal sealed class NetworkFilter
{
    private static readonly string[] ListKeys = ["driver", "id", "label", "name", "scope", "type", "dangling"];
    private static readonly string[] PruneKeys = ["label", "label!", "until"];

    private readonly Filters _filters;
    private readonly DateTimeOffset? _until;
    private readonly Regex[] _names;
    private readonly Regex[] _ids;

    private NetworkFilter(Filters filters, string[] keys, DateTimeOffset now)
    {
        _filters = filters;
        foreach (string key in filters.Keys.Except(keys))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }

        if (filters["type"].FirstOrDefault(t => t is not ("builtin" or "custom")) is { } type)
        {
            throw EngineException.Invalid($"invalid filter: 'type'='{type}'");
        }

        if (filters["until"].Count > 1)
        {
            throw EngineException.Invalid("more than one until filter specified");
        }

        _names = filters.Patterns("name");
        _ids = filters.Patterns("id");
        _until = filters["until"] is [var until] ? InstantText.Parse($"filter 'until={until}'", until, now) : null;
    }

    /// <exception cref="EngineException">Invalid: a key or value that does not exist.</exception>
    public static NetworkFilter ForList(Filters filters) => new(filters, ListKeys, DateTimeOffset.UtcNow);

    /// <exception cref="EngineException">Invalid: a key or value that does not exist.</exception>
    public static NetworkFilter ForPrune(Filters filters) => new(filters, PruneKeys, DateTimeOffset.UtcNow);

    /// <param name="network">Whether this one is wanted.</param>
    /// <param name="inUse">A container is on it.</param>
    public bool Matches(Network.Network network, bool inUse) =>
        (_names.Length == 0 || _names.Any(n => n.IsMatch(network.Name)))
        && (_ids.Length == 0 || _ids.Any(i => i.IsMatch(network.Id)))
        && Any("driver", driver => driver == network.Driver)
        && Any("scope", static scope => scope == "local")
        && Any("type", type => (type == "builtin") == network.IsPredefined)
        && Any("dangling", dangling => Flag(dangling) == (!inUse && !network.IsPredefined))
        && _filters["label"].All(l => Filters.HasLabel(network.Labels, l))
        && !_filters["label!"].Any(l => Filters.HasLabel(network.Labels, l))
        && (_until is not { } until || network.Created <= until);

    private bool Any(string key, Func<string, bool> fits) => _filters[key] is not { Count: > 0 } values || values.Any(fits);

    private static bool Flag(string value) => value.ToLower(CultureInfo.InvariantCulture) switch
    {
        "1" or "true" or "t" => true,
        "0" or "false" or "f" => false,
        _ => throw EngineException.Invalid($"invalid filter 'dangling={value}'"),
    };
}
