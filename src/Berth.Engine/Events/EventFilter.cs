using System.Collections.Frozen;

using Berth.Api;
using Berth.Storage;

namespace Berth.Engine.Events;

/// <summary>Which events a subscriber wants: Docker's filters and their way of matching.</summary>
internal sealed class EventFilter
{
    private static readonly FrozenSet<string> Keys = new[]
    {
        "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin", "scope", "secret", "service", "type", "volume",
    }.ToFrozenSet();

    // Filters that name an object of the type of the same name.
    private static readonly string[] ByObject = ["config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume"];

    private readonly Filters _filters;

    /// <exception cref="EngineException">Invalid: a key that does not exist.</exception>
    public EventFilter(Filters filters)
    {
        _filters = filters;
        foreach (string key in filters.Keys)
        {
            if (!Keys.Contains(key))
            {
                throw EngineException.Invalid($"invalid filter '{key}'");
            }
        }
    }

    public bool Matches(EventMessage message)
    {
        string type = message.Type ?? "", action = message.Action ?? "", id = message.Actor?.ID ?? "";
        IReadOnlyDictionary<string, string> attributes = message.Actor?.Attributes ?? new Dictionary<string, string>();
        return Any("type", t => t == type)
            && Any("event", e => e == action || action.StartsWith(e + ":", StringComparison.Ordinal))
            && Any("scope", s => s == message.Scope)
            && (_filters["label"] is var labels && labels.All(l => Filters.HasLabel(attributes, l)))
            && Any("image", i => type is "image" or "container" && (Begins(id, i) || Image(attributes, "name") == i || Image(attributes, "image") == i))
            && ByObject.All(key => Any(key, wanted => type == key && (Begins(id, wanted) || (attributes.TryGetValue("name", out string? name) && Begins(name, wanted)))));

        bool Any(string key, Func<string, bool> matches) => _filters[key] is not { Count: > 0 } values || values.Any(matches);
    }

    private static bool Begins(string text, string wanted) => text.StartsWith(wanted, StringComparison.Ordinal);

    // busybox finds busybox:latest too, as in Docker.
    private static string? Image(IReadOnlyDictionary<string, string> attributes, string key) =>
        attributes.TryGetValue(key, out string? name) ? name.EndsWith(":latest", StringComparison.Ordinal) ? name[..^7] : name : null;
}
