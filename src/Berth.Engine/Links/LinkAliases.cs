using Berth.Api;
using Berth.Engine.Containers;

namespace Berth.Engine.Links;

/// <summary>The names that only one container sees: its links on a user-defined network. For the embedded DNS. Pure.</summary>
internal static class LinkAliases
{
    private const int IdLength = 64, ShortId = 12;

    /// <summary>Alias → one of the names that the other container has on that network (which may not be there yet). Compared without case.</summary>
    /// <param name="settings">What the container's record keeps for the network.</param>
    public static IReadOnlyDictionary<string, string> Of(EndpointSettings settings)
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (LinkSpec link in (settings.Links ?? []).Select(LinkSpec.Parse))
        {
            aliases[link.Alias] = NameOf(link.Target);
        }

        return aliases;
    }

    /// <summary>All of a container's, by the id of the network they are for.</summary>
    /// <param name="record">Whose.</param>
    /// <param name="networkId">The id of a network by the name in the record; null: it is gone.</param>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Of(ContainerRecord record, Func<string, string?> networkId) =>
        record.Networks.Where(n => n.Value.Links is { Count: > 0 }).Select(n => (Id: networkId(n.Key), Aliases: Of(n.Value))).Where(n => n.Id is not null)
            .ToDictionary(n => n.Id!, n => n.Aliases);

    // Of its id a container has the beginning for a name.
    private static string NameOf(string target) =>
        target.Length == IdLength && target.All(char.IsAsciiHexDigitLower) ? target[..ShortId] : target;
}
